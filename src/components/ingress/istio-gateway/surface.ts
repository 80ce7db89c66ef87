// What the chart creates. Source: istio/istio 1.30.3 manifests/charts/gateway/templates; the GatewayClass is istiod's
// (pilot/pkg/config/kube/gateway).

import type { Path } from "../../../core/index.ts";
import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";
import { image, proxyFlows } from "../../mesh/istio/surface.ts";
import { listenerFlows, routeFlows } from "../gateway-api/flows.ts";
import { HTTP_PORT, HTTPS_PORT } from "../gateway-api/objects.ts";
import { certificateDemand } from "../gateway-certificate.ts";
import type { IstioGatewayOptions } from "./options.ts";

export const COMPONENT = "istio-gateway";
export const AREA = "infrastructure/networking";
export const NAMESPACE = "istio-ingress";
/** Names everything the chart makes. */
export const RELEASE = "istio-ingress";
export const GATEWAY_CLASS = "istio";
export const CONTROLLER = "istio.io/gateway-controller";
export const DATA_PLANE = { namespace: NAMESPACE, name: RELEASE } as const;
const METRICS_PORT = 15020;

export const RESOURCES = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
} as const;

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function istioGatewaySurface(
  { cluster, path }: SurfaceContext,
  { tls = true }: IstioGatewayOptions,
): Surface {
  const ports = tls ? [HTTP_PORT, HTTPS_PORT] : [HTTP_PORT];
  return {
    workloads: [dataPlane(cluster, ports, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      ...listenerFlows(DATA_PLANE, ports, path),
      ...routeFlows(DATA_PLANE, cluster.routes),
      ...proxyFlows(cluster, DATA_PLANE, revisionOf(cluster), path),
    ],
    secrets: tls ? certificateDemand(NAMESPACE, cluster, AREA, path) : [],
    objects: [
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GatewayClass",
        metadata: { name: GATEWAY_CLASS },
        spec: { controllerName: CONTROLLER },
      },
    ],
  };
}

/** Of the control plane that serves it: an option of the mesh it belongs to. */
export function revisionOf({ slots }: Pick<PlannedCluster, "slots">): string {
  const options = slots.find(({ slot }) => slot === "mesh")?.options as
    | { readonly revision?: string }
    | undefined;
  return options?.revision ?? "default";
}

function dataPlane(
  cluster: Pick<PlannedCluster, "scale" | "versions">,
  ports: readonly number[],
  origin: Path,
): Workload {
  const listeners = ports.map((port) => ({ name: port === HTTPS_PORT ? "https" : "http2", port }));
  return {
    kind: "Deployment",
    ...DATA_PLANE,
    labels: { app: RELEASE, istio: "ingress" },
    serviceAccount: RELEASE,
    replicas: replicasOf(cluster),
    ports: [
      ...listeners.map((listener) => ({ ...listener, protocol: "TCP" as const })),
      { name: "http-metrics", port: METRICS_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: RELEASE,
        type: "LoadBalancer",
        ports: listeners.map(({ name, port }) => ({ name, port, targetPort: port })),
      },
    ],
    containers: [{ name: "istio-proxy", image: image(cluster.versions, "proxyv2"), ...RESOURCES }],
    usesApi: false,
    metrics: { port: METRICS_PORT, path: "/stats/prometheus" },
    // Requests leave it under its own identity.
    mesh: { native: true },
    component: COMPONENT,
    origin,
  };
}
