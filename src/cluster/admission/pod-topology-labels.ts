// A pod carries the zone and the region of the node it is bound to, however it got there.
// Mirrors plugin/pkg/admission/podtopologylabels @v1.36.

import { isFor } from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
} from "../../kubernetes/index.ts";

const LABELS = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"];

export const podTopologyLabels: AdmissionPlugin = {
  name: "PodTopologyLabels",
  handles: ({ operation, facts }) =>
    operation === "CREATE" &&
    facts.group === "" &&
    (facts.resource === "pods" || facts.resource === "bindings"),
  mutate(request) {
    const { object } = request;
    if (object === undefined) return object;
    const node = nodeOf(request, object);
    if (node === undefined || node === "") return object;
    const found = request.live.get({ apiVersion: "v1", kind: "Node", name: node });
    const known = LABELS.flatMap((label) => {
      const value = found?.metadata.labels?.[label];
      return value === undefined ? [] : [[label, value] as const];
    });
    if (known.length === 0) return object;
    const labels = { ...object.metadata.labels, ...Object.fromEntries(known) };
    return { ...object, metadata: { ...object.metadata, labels } };
  },
};

/** The node that a Binding names, or that a new pod names itself. */
function nodeOf(request: AdmissionRequest, object: KubernetesObject): string | undefined {
  if (request.kind.kind === "Binding") {
    return (object["target"] as { readonly name?: string } | undefined)?.name;
  }
  if (!isFor(request, "pods")) return undefined;
  return (object["spec"] as { readonly nodeName?: string } | undefined)?.nodeName;
}
