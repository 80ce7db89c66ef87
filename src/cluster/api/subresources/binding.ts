// Binding: assigns a pod to a node. Mirrors kubernetes pkg/registry/core/pod/storage/storage.go BindingREST.

import { formatInstant, isRecord } from "../../../core/index.ts";
import type { KubernetesObject, Status } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { trackUpdate } from "../managed-fields/track.ts";
import { badRequest, conflict, invalid } from "../refusals.ts";
import { requiredField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";
import { trackOptions } from "../verbs/create.ts";
import type { UpdateRequest } from "../verbs/requests.ts";
import { updateWith } from "../verbs/update.ts";

export const BOUND: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};

export async function bind(api: ApiContext, request: UpdateRequest): Promise<Status> {
  const binding = request.body;
  if (!isRecord(binding)) throw badRequest("the body of a binding request must be a Binding");
  const node = textAt(recordAt(binding, "target"), "name");
  if (node === "") {
    throw invalid({ group: "", kind: "Binding" }, request.name, [requiredField("target.name")]);
  }
  await updateWith(api, { ...request, subresource: "binding" }, (pod) => {
    const bound = assign(api, request, pod, node);
    return trackUpdate(request.resource, pod, bound, trackOptions(api, request));
  });
  return BOUND;
}

function assign(
  api: ApiContext,
  { resource, name, body }: UpdateRequest,
  pod: KubernetesObject,
  node: string,
): KubernetesObject {
  const refuse = (why: string): Error =>
    conflict({ ...resource.facts, resource: "pods/binding" }, name, why);
  const spec = recordAt(pod, "spec");
  const { uid } = recordAt(isRecord(body) ? body : {}, "metadata");
  if (typeof uid === "string" && uid !== "" && uid !== pod.metadata.uid) {
    throw refuse(
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`,
    );
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const assigned = textAt(spec, "nodeName");
  if (assigned !== "")
    throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(assigned)}`);
  if (recordsAt(spec, "schedulingGates").length > 0) {
    throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  }
  const annotated = withAnnotations(pod.metadata, recordAt(isRecord(body) ? body : {}, "metadata"));
  const metadata = withTopology(api, annotated, node);
  return { ...pod, metadata, spec: { ...spec, nodeName: node }, status: scheduled(api, pod) };
}

/** The annotations of the binding become the pod's. */
function withAnnotations(
  metadata: KubernetesObject["metadata"],
  binding: Readonly<Record<string, unknown>>,
): KubernetesObject["metadata"] {
  const { annotations } = binding;
  if (!isRecord(annotations)) return metadata;
  // The schema of Binding has only text here.
  const added = annotations as Readonly<Record<string, string>>;
  return { ...metadata, annotations: { ...metadata.annotations, ...added } };
}

/** Labels of a node that its pods carry too (the admission plugin PodTopologyLabels). */
const TOPOLOGY_LABELS: readonly string[] = [
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
];

function withTopology(
  api: ApiContext,
  metadata: KubernetesObject["metadata"],
  name: string,
): KubernetesObject["metadata"] {
  const node = api.store.get({ resource: "/nodes", namespace: "", name });
  const known = TOPOLOGY_LABELS.flatMap((label) => {
    const value = node?.metadata.labels?.[label];
    return value === undefined ? [] : [[label, value] as const];
  });
  if (known.length === 0) return metadata;
  return { ...metadata, labels: { ...metadata.labels, ...Object.fromEntries(known) } };
}

function scheduled(api: ApiContext, pod: KubernetesObject): Readonly<Record<string, unknown>> {
  const status = recordAt(pod, "status");
  const condition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: formatInstant(api.clock.now()),
    observedGeneration: pod.metadata.generation,
  };
  const others = recordsAt(status, "conditions").filter(({ type }) => type !== "PodScheduled");
  return { ...status, conditions: [...others, condition] };
}
