// What the chart creates, and what the control plane then provisions for our Gateway. Source: nginx/nginx-gateway-fabric
// v2.6.7 charts/nginx-gateway-fabric/templates and internal/controller/provisioner/objects.go.

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
import type { NginxGatewayFabricOptions } from "./options.ts";

export const NAMESPACE = "nginx-gateway";
export const CHART = "nginx-gateway-fabric";
/** Equal to the chart's name, so that the chart uses it unchanged. */
export const RELEASE = "nginx-gateway-fabric";
export const GATEWAY = "platform";
export const GATEWAY_CLASS = "nginx";
export const AREA = "infrastructure/networking";
/** `<gateway>-<gateway class>`. */
export const DATA_PLANE = { namespace: NAMESPACE, name: `${GATEWAY}-${GATEWAY_CLASS}` } as const;

export const CONTROL_PLANE = { namespace: NAMESPACE, name: RELEASE } as const;
const AGENT_PORT = 8443;
const METRICS_PORT = 9113;
const READINESS_PORT = 8081;

export const RESOURCES = {
  controlPlane: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  },
  dataPlane: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "512Mi" },
  },
} as const;

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function nginxGatewayFabricSurface(
  { cluster, path }: SurfaceContext,
  { tls = true }: NginxGatewayFabricOptions,
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
      ...listenerFlows(DATA_PLANE, ports, path),
      ...routeFlows(DATA_PLANE, cluster.routes),
      agentFlow(path),
    ],
    secrets: tls ? certificateDemand(NAMESPACE, cluster, AREA, path) : [],
    objects: [gatewayClass()],
  };
}

export function listenerPorts(tls: boolean): readonly number[] {
  return tls ? [HTTP_PORT, HTTPS_PORT] : [HTTP_PORT];
}

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

function controlPlane(cluster: Cluster, origin: Path): Workload {
  return {
    kind: "Deployment",
    ...CONTROL_PLANE,
    labels: { "app.kubernetes.io/name": CHART, "app.kubernetes.io/instance": RELEASE },
    serviceAccount: RELEASE,
    replicas: replicasOf(cluster),
    ports: [
      { name: "agent-grpc", port: AGENT_PORT, protocol: "TCP" },
      { name: "metrics", port: METRICS_PORT, protocol: "TCP" },
      { name: "health", port: READINESS_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: RELEASE,
        type: "ClusterIP",
        ports: [{ name: "agent-grpc", port: 443, targetPort: AGENT_PORT }],
      },
    ],
    containers: [{ name: "nginx-gateway", image: image(cluster), ...RESOURCES.controlPlane }],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: CHART,
    origin,
  };
}

/** Provisioned by the control plane; container ports are the listeners' own. */
function dataPlane(cluster: Cluster, ports: readonly number[], origin: Path): Workload {
  const listeners = ports.map((port) => ({ name: `port-${port}`, port }));
  return {
    kind: "Deployment",
    ...DATA_PLANE,
    labels: {
      "app.kubernetes.io/name": DATA_PLANE.name,
      "app.kubernetes.io/instance": RELEASE,
      "app.kubernetes.io/managed-by": `${RELEASE}-${GATEWAY_CLASS}`,
      "gateway.networking.k8s.io/gateway-name": GATEWAY,
    },
    serviceAccount: DATA_PLANE.name,
    replicas: replicasOf(cluster),
    ports: [
      ...listeners.map((listener) => ({ ...listener, protocol: "TCP" as const })),
      { name: "metrics", port: METRICS_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: DATA_PLANE.name,
        type: "LoadBalancer",
        ports: listeners.map(({ name, port }) => ({ name, port, targetPort: port })),
      },
    ],
    containers: [{ name: "nginx", image: image(cluster, "/nginx"), ...RESOURCES.dataPlane }],
    usesApi: false,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: CHART,
    origin,
  };
}

/** A hook that makes the certificates between control plane and data plane. Its pods carry no labels but the job's. */
function certificateGenerator(cluster: Cluster, origin: Path): Workload {
  const name = `${RELEASE}-cert-generator`;
  return {
    kind: "Job",
    name,
    namespace: NAMESPACE,
    labels: { "batch.kubernetes.io/job-name": name },
    serviceAccount: name,
    replicas: 1,
    ports: [],
    services: [],
    // The chart states no resources; these are the namespace's defaults.
    containers: [
      {
        name: "cert-generator",
        image: image(cluster),
        requests: { cpu: "100m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
    ],
    usesApi: true,
    component: CHART,
    origin,
  };
}

function image({ versions }: Cluster, suffix = ""): string {
  return `ghcr.io/nginx/nginx-gateway-fabric${suffix}:${versions.chart(CHART).appVersion}`;
}

function agentFlow(origin: Path): Flow {
  return {
    name: "platform-nginx-to-nginx-gateway-fabric",
    from: endpointOf(DATA_PLANE),
    to: endpointOf(CONTROL_PLANE),
    port: AGENT_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "grpc",
    encryption: "mtls",
    origin,
  };
}

function gatewayClass() {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name: GATEWAY_CLASS },
    spec: { controllerName: "gateway.nginx.org/nginx-gateway-controller" },
  };
}
