// trust-manager, which hands the certificate of a root to those who are to trust it: installed beside cert-manager where some
// system signs with an authority of its own. Source: cert-manager/trust-manager v0.24.0 deploy/charts/trust-manager.

import type { Path } from "../../../core/index.ts";
import type { PlannedCluster, Workload } from "../../../model/index.ts";
import { systemWorkload, type Fields } from "../../manifests/index.ts";

export const TRUST_CHART = "trust-manager";
const NAME = "trust-manager";
const WEBHOOK_PORT = 6443;
const METRICS = { port: 9402, path: "/metrics" } as const;
const RESOURCES = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
} as const;

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

const replicasOf = ({ scale }: Cluster): number => (scale === "single" ? 1 : 2);

/** In the namespace of whoever issues certificates: it reads Secrets nowhere else. */
export function trustManager(
  cluster: Cluster,
  { namespace, component, origin }: { namespace: string; component: string; origin: Path },
): Workload {
  return systemWorkload({
    name: NAME,
    namespace,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME },
    replicas: replicasOf(cluster),
    ports: { webhook: WEBHOOK_PORT, metrics: METRICS.port },
    services: [
      {
        name: NAME,
        type: "ClusterIP",
        ports: [{ name: "webhook", port: 443, targetPort: WEBHOOK_PORT }],
      },
      {
        name: `${NAME}-metrics`,
        type: "ClusterIP",
        ports: [{ name: "metrics", port: METRICS.port, targetPort: METRICS.port }],
      },
    ],
    containers: [
      {
        name: NAME,
        image: `quay.io/jetstack/trust-manager:${cluster.versions.chart(TRUST_CHART).appVersion}`,
        ...RESOURCES,
      },
    ],
    usesApi: true,
    webhookPort: WEBHOOK_PORT,
    metrics: METRICS,
    release: NAME,
    component,
    origin,
  });
}

export function trustManagerValues(cluster: Cluster, namespace: string): Fields {
  const replicas = replicasOf(cluster);
  return {
    app: { trust: { namespace } },
    // The public authorities: nobody here trusts them through it.
    defaultPackage: { enabled: false },
    replicaCount: replicas,
    resources: RESOURCES,
    ...(replicas > 1 ? { podDisruptionBudget: { enabled: true } } : {}),
  };
}
