// What the chart creates, and what the controller then provisions for our Gateway. Source: envoyproxy/gateway v1.9.0
// charts/gateway-helm/templates and internal/infrastructure/kubernetes/proxy.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { endpointOf, listenerFlows, routeFlows } from "../gateway-api/flows.ts";
import { HTTP_PORT, HTTPS_PORT } from "../gateway-api/objects.ts";
import { certificateDemand } from "../gateway-certificate.ts";
import type { EnvoyGatewayOptions } from "./options.ts";

export const NAMESPACE = "envoy-gateway-system";
export const CHART = "gateway-helm";
export const RELEASE = "envoy-gateway";
export const COMPONENT = "envoy-gateway";
export const GATEWAY = "platform";
export const GATEWAY_CLASS = "envoy";
export const CONTROLLER_NAME = "gateway.envoyproxy.io/gatewayclass-controller";
export const AREA = "infrastructure/networking";
/** Named by our EnvoyProxy; the controller would append a hash to a name of its own. */
export const DATA_PLANE = { namespace: NAMESPACE, name: "platform-envoy" } as const;
export const CONTROL_PLANE = { namespace: NAMESPACE, name: "envoy-gateway" } as const;

const PORTS = { grpc: 18_000, ratelimit: 18_001, wasm: 18_002, metrics: 19_001 } as const;
const PROXY_METRICS = { port: 19_001, path: "/stats/prometheus" } as const;
/** wellKnownPortShift of internal/gatewayapi/translator.go: proxies run without rights. */
const PORT_SHIFT = 10_000;
/** The chart's own label values: its name and the release's. */
const LABELS = {
  "control-plane": "envoy-gateway",
  "app.kubernetes.io/name": CHART,
  "app.kubernetes.io/instance": RELEASE,
};

export const RESOURCES = {
  controlPlane: {
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { cpu: "500m", memory: "1Gi" },
  },
  dataPlane: {
    requests: { cpu: "100m", memory: "512Mi" },
    limits: { cpu: "1", memory: "1Gi" },
  },
  certificates: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  },
} as const;

/** DefaultShutdownManager… of api/v1alpha1/shared_types.go; it states no limit, so the namespace's default holds. */
const SHUTDOWN = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export const podPortOf = (port: number): number => port + PORT_SHIFT;

export function listenerPorts(tls: boolean): readonly number[] {
  return tls ? [HTTP_PORT, HTTPS_PORT] : [HTTP_PORT];
}

export function envoyGatewaySurface(
  { cluster, path }: SurfaceContext,
  { tls = true }: EnvoyGatewayOptions,
): Surface {
  const ports = listenerPorts(tls);
  return {
    workloads: [
      controlPlane(cluster, path),
      dataPlane(cluster, ports, path),
      certificateGenerator(cluster, path),
    ],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      ...listenerFlows(DATA_PLANE, ports, path, podPortOf),
      ...routeFlows(DATA_PLANE, cluster.routes),
      configurationFlow(path),
    ],
    secrets: tls ? certificateDemand(NAMESPACE, cluster, AREA, path) : [],
  };
}

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

function controlPlane(cluster: Cluster, origin: Path): Workload {
  const ports = Object.entries(PORTS).map(([name, port]) => ({ name, port }));
  return {
    kind: "Deployment",
    ...CONTROL_PLANE,
    labels: LABELS,
    serviceAccount: "envoy-gateway",
    replicas: replicasOf(cluster),
    ports: ports.map((port) => ({ ...port, protocol: "TCP" as const })),
    services: [
      {
        name: CONTROL_PLANE.name,
        type: "ClusterIP",
        ports: ports.map(({ name, port }) => ({ name, port, targetPort: port })),
      },
    ],
    containers: [{ name: "envoy-gateway", image: image(cluster), ...RESOURCES.controlPlane }],
    usesApi: true,
    metrics: { port: PORTS.metrics, path: "/metrics" },
    component: COMPONENT,
    origin,
  };
}

/** Provisioned by the controller in its own namespace, whichever namespace the Gateway is in. */
function dataPlane(cluster: Cluster, ports: readonly number[], origin: Path): Workload {
  const listeners = ports.map((port) => ({
    name: `${port === HTTPS_PORT ? "https" : "http"}-${port}`,
    port,
  }));
  return {
    kind: "Deployment",
    ...DATA_PLANE,
    labels: {
      "app.kubernetes.io/name": "envoy",
      "app.kubernetes.io/component": "proxy",
      "app.kubernetes.io/managed-by": "envoy-gateway",
      "gateway.envoyproxy.io/owning-gateway-name": GATEWAY,
      "gateway.envoyproxy.io/owning-gateway-namespace": NAMESPACE,
    },
    serviceAccount: DATA_PLANE.name,
    replicas: replicasOf(cluster),
    ports: [
      ...listeners.map(({ name, port }) => ({
        name,
        port: podPortOf(port),
        protocol: "TCP" as const,
      })),
      { name: "metrics", port: PROXY_METRICS.port, protocol: "TCP" },
      { name: "readiness", port: 19_003, protocol: "TCP" },
    ],
    services: [
      {
        name: DATA_PLANE.name,
        type: "LoadBalancer",
        ports: listeners.map(({ name, port }) => ({ name, port, targetPort: podPortOf(port) })),
      },
    ],
    containers: [
      { name: "envoy", image: cluster.versions.image("envoy"), ...RESOURCES.dataPlane },
      { name: "shutdown-manager", image: image(cluster), ...SHUTDOWN },
    ],
    usesApi: false,
    metrics: PROXY_METRICS,
    component: COMPONENT,
    origin,
  };
}

/** A hook that makes the certificates between control plane and data plane. */
function certificateGenerator(cluster: Cluster, origin: Path): Workload {
  const name = `${RELEASE}-${CHART}-certgen`;
  return {
    kind: "Job",
    name,
    namespace: NAMESPACE,
    labels: { app: "certgen" },
    serviceAccount: name,
    replicas: 1,
    ports: [],
    services: [],
    containers: [
      { name: "envoy-gateway-certgen", image: image(cluster), ...RESOURCES.certificates },
    ],
    usesApi: true,
    component: COMPONENT,
    origin,
  };
}

function image({ versions }: Cluster): string {
  return `docker.io/envoyproxy/gateway:${versions.chart(CHART).appVersion}`;
}

function configurationFlow(origin: Path): Flow {
  return {
    name: "platform-envoy-to-envoy-gateway",
    from: endpointOf(DATA_PLANE),
    to: endpointOf(CONTROL_PLANE),
    port: PORTS.grpc,
    protocol: "TCP",
    purpose: "internal",
    application: "grpc",
    encryption: "mtls",
    origin,
  };
}
