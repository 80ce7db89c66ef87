// What the ingress-nginx chart creates with the values of `values.ts`. Source: kubernetes/ingress-nginx helm-chart-4.15.1
// charts/ingress-nginx/{values.yaml,templates/controller-deployment.yaml,templates/_helpers.tpl}.

import type { Path } from "../../../core/index.ts";
import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";
import { listenerFlows, routeFlows } from "../gateway-api/flows.ts";
import { certificateDemand } from "../gateway-certificate.ts";
import type { IngressNginxOptions } from "./options.ts";

export const AREA = "infrastructure/networking";
export const NAMESPACE = "ingress-nginx";
export const CHART = "ingress-nginx";
export const RELEASE = "ingress-nginx";
export const CONTROLLER = { namespace: NAMESPACE, name: "ingress-nginx-controller" } as const;

const METRICS_PORT = 10_254;

export const RESOURCES = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
} as const;

export function replicasOf({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

export function ingressNginxSurface(
  { cluster, path }: SurfaceContext,
  { tls = true }: IngressNginxOptions,
): Surface {
  return {
    workloads: [controller(cluster, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      ...listenerFlows(CONTROLLER, tls ? [80, 443] : [80], path),
      ...routeFlows(CONTROLLER, cluster.routes),
    ],
    secrets: tls ? certificateDemand(NAMESPACE, cluster, AREA, path) : [],
    objects: [
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "IngressClass",
        metadata: {
          name: "nginx",
          annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
        },
        spec: { controller: "k8s.io/ingress-nginx" },
      },
    ],
  };
}

function controller(
  { versions, scale }: Pick<PlannedCluster, "scale" | "versions">,
  origin: Path,
): Workload {
  return {
    kind: "Deployment",
    ...CONTROLLER,
    labels: {
      "app.kubernetes.io/name": CHART,
      "app.kubernetes.io/instance": RELEASE,
      "app.kubernetes.io/component": "controller",
    },
    serviceAccount: RELEASE,
    replicas: replicasOf({ scale }),
    ports: [
      { name: "http", port: 80, protocol: "TCP" },
      { name: "https", port: 443, protocol: "TCP" },
      { name: "metrics", port: METRICS_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: CONTROLLER.name,
        type: "LoadBalancer",
        ports: [
          { name: "http", port: 80, targetPort: 80 },
          { name: "https", port: 443, targetPort: 443 },
        ],
      },
    ],
    containers: [
      {
        name: "controller",
        image: `registry.k8s.io/ingress-nginx/controller:v${versions.chart(CHART).appVersion}`,
        ...RESOURCES,
      },
    ],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: "ingress-nginx",
    origin,
  };
}
