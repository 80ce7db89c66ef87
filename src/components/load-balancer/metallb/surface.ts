// What the metallb chart creates with the values of `values.ts`: layer 2 only, so no FRR. Source: metallb/metallb v0.16.1
// charts/metallb/{values.yaml,templates/controller.yaml,templates/speaker.yaml}.

import type { Path } from "../../../core/index.ts";
import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";

export const CHART = "metallb";
export const RELEASE = "metallb";
export const NAMESPACE = "metallb-system";

const WEBHOOK_PORT = 9443;
/** HTTPS with a self-signed certificate since 0.16. */
const METRICS_PORT = 9120;
const MEMBERLIST_PORT = 7946;

export const RESOURCES = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "250m", memory: "256Mi" },
} as const;

export function metallbSurface({ cluster, path }: SurfaceContext): Surface {
  return {
    workloads: [controller(cluster, path), speaker(cluster, path)],
    namespaces: [
      {
        name: NAMESPACE,
        tenancy: "platform",
        podSecurity: "privileged",
        podSecurityReason:
          "the speaker answers ARP for the pool's addresses: it needs the node's network and NET_RAW",
        origin: path,
      },
    ],
  };
}

type Cluster = Pick<PlannedCluster, "nodes" | "versions">;

function controller({ versions }: Cluster, origin: Path): Workload {
  return {
    kind: "Deployment",
    ...part("controller"),
    replicas: 1,
    ports: [
      { name: "metricshttps", port: METRICS_PORT, protocol: "TCP" },
      { name: "webhook-server", port: WEBHOOK_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: "metallb-webhook-service",
        type: "ClusterIP",
        ports: [{ name: "webhook", port: 443, targetPort: WEBHOOK_PORT }],
      },
    ],
    containers: [{ name: "controller", image: image("controller", versions), ...RESOURCES }],
    usesApi: true,
    webhookPort: WEBHOOK_PORT,
    metrics: { port: METRICS_PORT, path: "/metrics", scheme: "https" },
    origin,
  };
}

function speaker({ nodes, versions }: Cluster, origin: Path): Workload {
  return {
    kind: "DaemonSet",
    ...part("speaker"),
    replicas: nodes.reduce((sum, { count }) => sum + count, 0),
    ports: [
      { name: "metricshttps", port: METRICS_PORT, protocol: "TCP" },
      { name: "memberlist-tcp", port: MEMBERLIST_PORT, protocol: "TCP" },
      { name: "memberlist-udp", port: MEMBERLIST_PORT, protocol: "UDP" },
    ],
    services: [],
    containers: [{ name: "speaker", image: image("speaker", versions), ...RESOURCES }],
    usesApi: true,
    hostNetwork: true,
    metrics: { port: METRICS_PORT, path: "/metrics", scheme: "https" },
    origin,
  };
}

function part(name: string) {
  return {
    name: `${RELEASE}-${name}`,
    namespace: NAMESPACE,
    labels: {
      "app.kubernetes.io/name": CHART,
      "app.kubernetes.io/instance": RELEASE,
      "app.kubernetes.io/component": name,
    },
    serviceAccount: `${RELEASE}-${name}`,
    component: "metallb",
  } as const;
}

function image(name: string, versions: Cluster["versions"]): string {
  return `quay.io/metallb/${name}:${versions.chart(CHART).appVersion}`;
}
