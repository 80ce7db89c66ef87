// What the sealed-secrets chart creates. Source: bitnami-labs/sealed-secrets helm/sealed-secrets 2.18.5, values.yaml and
// templates/{deployment,service,_helpers}.

import type { Path } from "../../../core/index.ts";
import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";

export const CHART = "sealed-secrets";
export const RELEASE = "sealed-secrets";
/** Where `kubeseal` looks by default, under this name. */
export const NAMESPACE = "kube-system";
export const CONTROLLER = "sealed-secrets-controller";

export const RESOURCES = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "250m", memory: "128Mi" },
} as const;

const HTTP_PORT = 8080;
const METRICS_PORT = 8081;

export function sealedSecretsSurface({ cluster, path }: SurfaceContext): Surface {
  return {
    workloads: [controller(cluster, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "system", podSecurity: "privileged", origin: path }],
  };
}

function controller({ versions }: Pick<PlannedCluster, "versions">, origin: Path): Workload {
  return {
    kind: "Deployment",
    name: CONTROLLER,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": CHART, "app.kubernetes.io/instance": RELEASE },
    serviceAccount: CONTROLLER,
    replicas: 1,
    ports: [
      { name: "http", port: HTTP_PORT, protocol: "TCP" },
      { name: "metrics", port: METRICS_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: CONTROLLER,
        type: "ClusterIP",
        ports: [{ name: "http", port: HTTP_PORT, targetPort: HTTP_PORT }],
      },
      {
        name: `${CONTROLLER}-metrics`,
        type: "ClusterIP",
        ports: [{ name: "metrics", port: METRICS_PORT, targetPort: METRICS_PORT }],
      },
    ],
    containers: [
      { name: "controller", image: versions.image("sealed-secrets-controller"), ...RESOURCES },
    ],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: "sealed-secrets",
    origin,
  };
}
