// What the charts create. Source: istio/istio 1.30.3 manifests/charts (istiod, istio-cni, ztunnel) templates.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import type { IstioOptions } from "./options.ts";

export const COMPONENT = "istio";
export const AREA = "infrastructure/networking";
/** istiod's own, and the root namespace: what stands there holds for the whole mesh. */
export const NAMESPACE = "istio-system";
/** Apart from istiod, because its pods need the node. */
export const NODE_NAMESPACE = "istio-cni";
export const ZTUNNEL = { namespace: NODE_NAMESPACE, name: "ztunnel" } as const;
export const ISTIOD = { namespace: NAMESPACE, name: "istiod" } as const;
/** Traces by gRPC. */
export const OTLP_GRPC_PORT = 4317;
const XDS_PORT = 15012;
const WEBHOOK_PORT = 15017;
const MONITORING_PORT = 15014;
/** HBONE, the tunnel of ambient mode. */
export const TUNNEL_PORT = 15008;
export const HUB = "docker.io/istio";

export const RESOURCES = {
  istiod: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  cni: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  ztunnel: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
} as const;

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function image(versions: PlannedCluster["versions"], name: string): string {
  return `${HUB}/${name}:${versions.chart("istiod").appVersion}`;
}

export function istioSurface(
  { cluster, path }: SurfaceContext,
  { mode, revision }: IstioOptions,
): Surface {
  const needsNode = "chained network plug-in and its configuration on the node";
  return {
    workloads: [
      istiod(cluster, revision, path),
      nodeAgent(cluster, path),
      ...(mode === "ambient" ? [ztunnel(cluster, path)] : []),
    ],
    namespaces: [
      { name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path },
      {
        name: NODE_NAMESPACE,
        tenancy: "platform",
        podSecurity: "privileged",
        podSecurityReason: `Istio's node agent installs a ${needsNode}`,
        origin: path,
      },
    ],
    flows: mode === "ambient" ? proxyFlows(cluster, ZTUNNEL, revision, path) : [],
  };
}

export function istiodName(revision: string): string {
  return revision === "default" ? ISTIOD.name : `${ISTIOD.name}-${revision}`;
}

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

function istiod(cluster: Cluster, revision: string, origin: Path): Workload {
  const name = istiodName(revision);
  return {
    kind: "Deployment",
    name,
    namespace: NAMESPACE,
    labels:
      revision === "default"
        ? { app: "istiod", istio: "pilot" }
        : { app: "istiod", "istio.io/rev": revision },
    serviceAccount: name,
    replicas: replicasOf(cluster),
    ports: [
      { name: "http-debug", port: 8080, protocol: "TCP" },
      { name: "grpc-xds", port: 15010, protocol: "TCP" },
      { name: "tls-xds", port: XDS_PORT, protocol: "TCP" },
      { name: "https-webhooks", port: WEBHOOK_PORT, protocol: "TCP" },
      { name: "http-monitoring", port: MONITORING_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name,
        type: "ClusterIP",
        ports: [
          { name: "grpc-xds", port: 15010, targetPort: 15010 },
          { name: "https-dns", port: XDS_PORT, targetPort: XDS_PORT },
          { name: "https-webhook", port: 443, targetPort: WEBHOOK_PORT },
          { name: "http-monitoring", port: MONITORING_PORT, targetPort: MONITORING_PORT },
        ],
      },
    ],
    containers: [
      { name: "discovery", image: image(cluster.versions, "pilot"), ...RESOURCES.istiod },
    ],
    usesApi: true,
    webhookPort: WEBHOOK_PORT,
    metrics: { port: MONITORING_PORT, path: "/metrics" },
    component: COMPONENT,
    release: "istiod",
    origin,
  };
}

/** Sets up a pod's network in its place, so that no pod needs the right to. */
function nodeAgent({ versions }: Cluster, origin: Path): Workload {
  return {
    ...daemon("istio-cni-node", { "k8s-app": "istio-cni-node" }, origin),
    serviceAccount: "istio-cni",
    ports: [{ name: "metrics", port: 15014, protocol: "TCP" }],
    containers: [{ name: "install-cni", image: image(versions, "install-cni"), ...RESOURCES.cni }],
    metrics: { port: 15014, path: "/metrics" },
    release: "istio-cni",
  };
}

function ztunnel({ versions }: Cluster, origin: Path): Workload {
  return {
    ...daemon("ztunnel", { app: "ztunnel" }, origin),
    // Its token is for istiod; it has no role.
    usesApi: false,
    ports: [{ name: "ztunnel-stats", port: 15020, protocol: "TCP" }],
    containers: [{ name: "istio-proxy", image: image(versions, "ztunnel"), ...RESOURCES.ztunnel }],
    metrics: { port: 15020, path: "/metrics" },
    release: "ztunnel",
  };
}

function daemon(
  name: string,
  labels: Workload["labels"],
  origin: Path,
): Omit<Workload, "ports" | "containers"> {
  return {
    kind: "DaemonSet",
    name,
    namespace: NODE_NAMESPACE,
    labels,
    serviceAccount: name,
    replicas: 1,
    services: [],
    usesApi: true,
    component: COMPONENT,
    origin,
  };
}

/** Proxies get their configuration and their certificates from istiod, and send traces where the platform takes them. */
export function proxyFlows(
  { offers }: Pick<PlannedCluster, "offers">,
  { namespace, name }: Pick<Workload, "namespace" | "name">,
  revision: string,
  origin: Path,
): Flow[] {
  const from = { kind: "workload", namespace, name } as const;
  const shared = { from, protocol: "TCP", purpose: "internal", origin } as const;
  const traces = offers.find(
    ({ capability, port }) => capability === "otlp" && port === OTLP_GRPC_PORT,
  );
  return [
    {
      ...shared,
      name: `${name}-proxy-to-istiod`,
      to: { kind: "workload", namespace: NAMESPACE, name: istiodName(revision) },
      port: XDS_PORT,
      application: "xds",
      encryption: "tls",
    },
    ...(traces === undefined
      ? []
      : [
          {
            ...shared,
            name: `${name}-proxy-to-traces`,
            to: traces.endpoint,
            port: traces.port,
            application: "otlp",
            encryption: "none" as const,
          },
        ]),
  ];
}
