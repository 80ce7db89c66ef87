// What the chart creates where it is installed. Source: kubernetes/autoscaler cluster-autoscaler-chart-9.59.0
// templates/{deployment,service,_helpers}.

import type { Path } from "../../../core/index.ts";
import type {
  PlannedCluster,
  SubstrateFacts,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import { providerFlow } from "../provider-flow.ts";
import type { ClusterAutoscalerOptions } from "./options.ts";

export const NAME = "cluster-autoscaler";
export const NAMESPACE = "cluster-autoscaler";
/** Metrics, and the path of its liveness probe. */
const PORT = 8085;

/** On EKS somebody has to; DOKS, GKE and AKS run it with their control plane. */
export const isInstalled = ({ nodeProvider }: SubstrateFacts): boolean => nodeProvider === "aws";

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function clusterAutoscalerSurface(
  { cluster, path }: SurfaceContext,
  options: ClusterAutoscalerOptions,
): Surface {
  if (!isInstalled(cluster.substrate)) return {};
  return {
    workloads: [controller(cluster, path, options)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [providerFlow(NAMESPACE, NAME, path)],
  };
}

function controller(
  cluster: Pick<PlannedCluster, "scale">,
  origin: Path,
  { version, resources }: ClusterAutoscalerOptions,
): Workload {
  return systemWorkload({
    name: NAME,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME },
    replicas: replicasOf(cluster),
    ports: { http: PORT },
    services: [
      {
        name: NAME,
        type: "ClusterIP",
        ports: [{ name: "http", port: PORT, targetPort: PORT }],
      },
    ],
    containers: [
      {
        name: NAME,
        image: `registry.k8s.io/autoscaling/cluster-autoscaler:v${version}`,
        ...resources,
      },
    ],
    usesApi: true,
    metrics: { port: PORT, path: "/metrics" },
    component: NAME,
    origin,
  });
}
