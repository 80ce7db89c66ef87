// Two StatefulSets of our own: Prometheus, and the Alertmanager it tells. Ports and users as in the images' Dockerfiles
// (prometheus/prometheus, prometheus/alertmanager).

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  Offer,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import { MONITORING_NAMESPACE, monitoringNamespace } from "../../monitoring/namespace.ts";
import type { MetricsStoreOptions } from "../store-options.ts";

export const COMPONENT = "prometheus";
export const PROMETHEUS = { namespace: MONITORING_NAMESPACE, name: "prometheus" } as const;
export const ALERTMANAGER = { namespace: MONITORING_NAMESPACE, name: "alertmanager" } as const;
export const WEB_PORT = 9090;
export const ALERTMANAGER_PORT = 9093;
const HTTPS_PORT = 443;

type Versions = Pick<PlannedCluster, "versions">;

export function prometheusOffers(): Offer[] {
  const url = `http://${PROMETHEUS.name}.${MONITORING_NAMESPACE}.svc:${WEB_PORT}`;
  const endpoint = { kind: "workload", ...PROMETHEUS } as const;
  const shared = { form: "prometheus", component: COMPONENT, url, port: WEB_PORT, endpoint };
  return [
    { ...shared, capability: "metricsQuery" },
    { ...shared, capability: "alertRules" },
    {
      capability: "alertSink",
      form: "alertmanager",
      component: "alertmanager",
      url: `http://${ALERTMANAGER.name}.${MONITORING_NAMESPACE}.svc:${ALERTMANAGER_PORT}`,
      endpoint: { kind: "workload", ...ALERTMANAGER },
      port: ALERTMANAGER_PORT,
    },
  ];
}

export function prometheusSurface(
  { cluster, path }: SurfaceContext,
  options: MetricsStoreOptions,
): Surface {
  return {
    workloads: [prometheusWorkload(cluster, path, options), alertmanagerWorkload(cluster, path)],
    namespaces: [monitoringNamespace(path)],
    flows: [alertsFlow(path), ...remoteFlow(options, path)],
  };
}

export function prometheusWorkload(
  { versions }: Versions,
  origin: Path,
  { replicas = 1 }: MetricsStoreOptions,
): Workload {
  return systemWorkload({
    kind: "StatefulSet",
    ...PROMETHEUS,
    labels: { "app.kubernetes.io/name": COMPONENT, "app.kubernetes.io/component": "server" },
    replicas,
    ports: { web: WEB_PORT },
    services: [service(PROMETHEUS.name, WEB_PORT)],
    containers: [
      {
        name: COMPONENT,
        image: versions.image("prometheus"),
        requests: { cpu: "250m", memory: "1Gi" },
        limits: { cpu: "1", memory: "2Gi" },
      },
    ],
    // It finds pods by asking for them.
    usesApi: true,
    collectsMetrics: true,
    metrics: { port: WEB_PORT, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

export function alertmanagerWorkload({ versions }: Versions, origin: Path): Workload {
  return systemWorkload({
    kind: "StatefulSet",
    ...ALERTMANAGER,
    labels: { "app.kubernetes.io/name": "alertmanager", "app.kubernetes.io/component": "alerts" },
    ports: { web: ALERTMANAGER_PORT },
    services: [service(ALERTMANAGER.name, ALERTMANAGER_PORT)],
    containers: [
      {
        name: "alertmanager",
        image: versions.image("alertmanager"),
        requests: { cpu: "25m", memory: "64Mi" },
        limits: { cpu: "250m", memory: "256Mi" },
      },
    ],
    metrics: { port: ALERTMANAGER_PORT, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

function service(name: string, port: number): Workload["services"][number] {
  return { name, type: "ClusterIP", ports: [{ name: "web", port, targetPort: port }] };
}

function alertsFlow(origin: Path): Flow {
  return {
    name: "prometheus-to-alertmanager",
    from: { kind: "workload", ...PROMETHEUS },
    to: { kind: "workload", ...ALERTMANAGER },
    port: ALERTMANAGER_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "http",
    encryption: "none",
    origin,
  };
}

function remoteFlow({ remoteWrite }: MetricsStoreOptions, origin: Path): Flow[] {
  if (remoteWrite === undefined) return [];
  const { host, addresses } = remoteWrite;
  return [
    {
      name: "prometheus-to-remote-write",
      from: { kind: "workload", ...PROMETHEUS },
      to: { kind: "external", name: host, addresses },
      port: HTTPS_PORT,
      protocol: "TCP",
      purpose: "internal",
      application: "https",
      encryption: "tls",
      origin: [...origin, "remoteWrite"],
    },
  ];
}
