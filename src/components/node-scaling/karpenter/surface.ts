// What the Karpenter chart creates. Source: aws/karpenter-provider-aws v1.14.1 charts/karpenter templates/deployment.yaml and
// values.yaml; by default it never runs on nodes of its own.

import type { Path } from "../../../core/index.ts";
import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import { providerFlow } from "../provider-flow.ts";
import type { KarpenterOptions } from "./options.ts";

export const NAME = "karpenter";
export const NAMESPACE = "karpenter";
const METRICS_PORT = 8080;
const HEALTH_PORT = 8081;

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function karpenterSurface(
  { cluster, path }: SurfaceContext,
  options: KarpenterOptions,
): Surface {
  return {
    workloads: [controller(cluster, path, options)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [providerFlow(NAMESPACE, NAME, path)],
  };
}

function controller(
  cluster: Pick<PlannedCluster, "scale" | "versions">,
  origin: Path,
  { resources }: KarpenterOptions,
): Workload {
  const port = { name: "http-metrics", port: METRICS_PORT, targetPort: METRICS_PORT };
  return systemWorkload({
    name: NAME,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME },
    replicas: replicasOf(cluster),
    ports: { "http-metrics": METRICS_PORT, http: HEALTH_PORT },
    services: [{ name: NAME, type: "ClusterIP", ports: [port] }],
    containers: [
      {
        name: "controller",
        image: `public.ecr.aws/karpenter/controller:${cluster.versions.chart(NAME).appVersion}`,
        ...resources,
      },
    ],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: NAME,
    origin,
  });
}
