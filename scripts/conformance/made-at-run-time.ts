// Pods that no chart writes: an operator or a gateway's control plane makes them once it runs. An operator's own resource says
// most of what there is to compare; for the others there is nothing.

import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import type { Workload } from "../../src/model/index.ts";
import { at, recordAt, type RenderedWorkload, text } from "./rendered-workloads.ts";

/** Components whose control plane makes pods for a Gateway. */
const GATEWAYS: readonly string[] = ["nginx-gateway-fabric", "envoy-gateway"];

/** cert-manager makes one for every challenge and deletes it again. */
const CHALLENGE_SOLVER = "cm-acme-http-solver";

/** Kinds of an operator whose object gives one StatefulSet, named `KIND-NAME`, with a main container of the kind's name. */
const OPERATED: Readonly<Record<string, string>> = {
  Prometheus: "prometheus",
  Alertmanager: "alertmanager",
};

export function whoMakes(
  workload: Workload,
  objects: readonly KubernetesObject[],
): RenderedWorkload | "at run time" | undefined {
  const operated = objects.find(
    ({ kind, metadata }) =>
      Object.hasOwn(OPERATED, kind) && workload.name === `${OPERATED[kind] ?? ""}-${metadata.name}`,
  );
  if (operated !== undefined) return fromOperator(workload, operated);
  const ofGateway = GATEWAYS.includes(workload.component) && workload.name.startsWith("platform-");
  return ofGateway || workload.name === CHALLENGE_SOLVER ? "at run time" : undefined;
}

/** What the custom resource does not say is taken from the surface: it is the operator's to decide. */
function fromOperator(workload: Workload, object: KubernetesObject): RenderedWorkload {
  const main = OPERATED[object.kind] ?? "";
  return {
    kind: workload.kind,
    namespace: workload.namespace,
    name: workload.name,
    labels: workload.labels,
    hostNetwork: false,
    ports: workload.ports.map(({ name, port, protocol }) => `${name}:${port}/${protocol}`),
    replicas: Number(at(object, "spec", "replicas") ?? 1),
    serviceAccount: text(at(object, "spec", "serviceAccountName"), "default"),
    containers: workload.containers.map((container) =>
      container.name === main
        ? {
            name: main,
            image: String(at(object, "spec", "image")),
            requests: recordAt(object, "spec", "resources", "requests"),
            limits: recordAt(object, "spec", "resources", "limits"),
          }
        : container,
    ),
  };
}
