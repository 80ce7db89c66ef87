// What the gatekeeper chart creates with the values of `values.ts`. Source: open-policy-agent/gatekeeper v3.23.0
// charts/gatekeeper/{values.yaml,templates/gatekeeper-controller-manager-deployment.yaml,templates/gatekeeper-audit-deployment.yaml}.

import type { Path } from "../../../core/index.ts";
import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";

export const CHART = "gatekeeper";
export const RELEASE = "gatekeeper";
export const NAMESPACE = "gatekeeper-system";
export const CONTROLLER = "gatekeeper-controller-manager";

const WEBHOOK_PORT = 8443;
const METRICS_PORT = 8888;
const HEALTH_PORT = 9090;

export const RESOURCES = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { memory: "512Mi" },
} as const;

export const replicasOf = ({ scale }: Pick<PlannedCluster, "scale">): number =>
  scale === "single" ? 1 : 3;

export function gatekeeperSurface({ cluster, path }: SurfaceContext): Surface {
  return {
    workloads: [controller(cluster, path), audit(cluster, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
  };
}

function controller(cluster: SurfaceContext["cluster"], origin: Path): Workload {
  return {
    ...part(cluster, "controller-manager", origin),
    name: CONTROLLER,
    replicas: replicasOf(cluster),
    ports: [
      { name: "webhook-server", port: WEBHOOK_PORT, protocol: "TCP" },
      { name: "metrics", port: METRICS_PORT, protocol: "TCP" },
      { name: "healthz", port: HEALTH_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: "gatekeeper-webhook-service",
        type: "ClusterIP",
        ports: [{ name: "https-webhook-server", port: 443, targetPort: WEBHOOK_PORT }],
      },
    ],
    webhookPort: WEBHOOK_PORT,
  };
}

function audit(cluster: SurfaceContext["cluster"], origin: Path): Workload {
  return {
    ...part(cluster, "audit-controller", origin),
    name: "gatekeeper-audit",
    replicas: 1,
    ports: [
      { name: "metrics", port: METRICS_PORT, protocol: "TCP" },
      { name: "healthz", port: HEALTH_PORT, protocol: "TCP" },
    ],
    services: [],
  };
}

function part({ versions }: Pick<PlannedCluster, "versions">, plane: string, origin: Path) {
  const image = `docker.io/openpolicyagent/gatekeeper:${versions.chart(CHART).appVersion}`;
  return {
    kind: "Deployment",
    namespace: NAMESPACE,
    labels: { app: CHART, release: RELEASE, "control-plane": plane },
    serviceAccount: "gatekeeper-admin",
    containers: [{ name: "manager", image, ...RESOURCES }],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: "gatekeeper",
    origin,
  } as const;
}
