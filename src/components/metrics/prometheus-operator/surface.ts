// What kube-prometheus-stack 88.5.3 creates with the values of `values.ts`, the operator's own StatefulSets included.
// Source: prometheus-community/helm-charts charts/kube-prometheus-stack templates and values.yaml.

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
import { NODE_EXPORTER_NAMESPACE, nodeExporterNamespace } from "../../monitoring/node-exporter.ts";
import type { MetricsStoreOptions } from "../store-options.ts";

export const CHART = "kube-prometheus-stack";
/** Also `fullnameOverride`: what the chart makes is called `prometheus-…`. */
export const RELEASE = "prometheus";
export const COMPONENT = "prometheus-operator";
const WEB_PORT = 9090;
const ALERTMANAGER_PORT = 9093;
const GOSSIP_PORT = 9094;
const KUBELET_PORT = 10_250;

export const RESOURCES = {
  operator: sizes("100m", "128Mi", "500m", "256Mi"),
  prometheus: sizes("250m", "1Gi", "1", "2Gi"),
  reloader: sizes("10m", "50Mi", "100m", "100Mi"),
  alertmanager: sizes("25m", "64Mi", "250m", "256Mi"),
  stateMetrics: sizes("25m", "64Mi", "250m", "256Mi"),
  nodeExporter: sizes("25m", "32Mi", "250m", "128Mi"),
} as const;

function sizes(cpu: string, memory: string, cpuLimit: string, memoryLimit: string) {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}

export const PROMETHEUS = {
  namespace: MONITORING_NAMESPACE,
  name: "prometheus-prometheus",
} as const;
const ALERTMANAGER = { namespace: MONITORING_NAMESPACE, name: "alertmanager-prometheus" } as const;

type Cluster = Pick<PlannedCluster, "scale" | "versions" | "nodes">;

export function prometheusOperatorOffers(): Offer[] {
  const url = `http://${PROMETHEUS.name}.${MONITORING_NAMESPACE}.svc:${WEB_PORT}`;
  const shared = { form: "prometheus", component: COMPONENT, url, port: WEB_PORT };
  const endpoint = { kind: "workload", ...PROMETHEUS } as const;
  return [
    { ...shared, endpoint, capability: "metricsQuery" },
    { ...shared, endpoint, capability: "alertRules" },
    {
      capability: "alertSink",
      form: "alertmanager",
      component: "alertmanager",
      url: `http://prometheus-alertmanager.${MONITORING_NAMESPACE}.svc:${ALERTMANAGER_PORT}`,
      endpoint: { kind: "workload", ...ALERTMANAGER },
      port: ALERTMANAGER_PORT,
    },
  ];
}

export function prometheusOperatorSurface(
  { cluster, path }: SurfaceContext,
  options: MetricsStoreOptions,
): Surface {
  return {
    workloads: [
      operator(cluster, path),
      prometheus(cluster, path, options),
      alertmanager(cluster, path),
      stateMetrics(path),
      nodeExporter(cluster, path),
    ],
    namespaces: [monitoringNamespace(path), nodeExporterNamespace(path)],
    flows: [...ownFlows(path), ...remoteFlow(options, path)],
  };
}

function operator({ versions }: Cluster, origin: Path): Workload {
  return systemWorkload({
    name: "prometheus-operator",
    namespace: MONITORING_NAMESPACE,
    labels: { app: `${CHART}-operator`, release: RELEASE },
    ports: { https: KUBELET_PORT },
    services: [
      {
        name: "prometheus-operator",
        type: "ClusterIP",
        ports: [{ name: "https", port: 443, targetPort: KUBELET_PORT }],
      },
    ],
    containers: [
      {
        name: CHART,
        image: `quay.io/prometheus-operator/prometheus-operator:${versions.chart(CHART).appVersion}`,
        ...RESOURCES.operator,
      },
    ],
    usesApi: true,
    metrics: { port: KUBELET_PORT, path: "/metrics", scheme: "https" },
    component: COMPONENT,
    origin,
  });
}

function prometheus(
  { versions }: Cluster,
  origin: Path,
  { replicas = 1, storage }: MetricsStoreOptions,
): Workload {
  return systemWorkload({
    kind: "StatefulSet",
    ...PROMETHEUS,
    labels: {
      "app.kubernetes.io/name": "prometheus",
      "operator.prometheus.io/name": RELEASE,
    },
    replicas,
    ...(storage === undefined || storage === false ? {} : { volumes: [storage] }),
    ports: { "http-web": WEB_PORT, "reloader-web": 8080 },
    services: [
      {
        name: PROMETHEUS.name,
        type: "ClusterIP",
        ports: [{ name: "http-web", port: WEB_PORT, targetPort: WEB_PORT }],
      },
    ],
    containers: [
      {
        name: "prometheus",
        image: versions.image("prometheus"),
        ...RESOURCES.prometheus,
      },
      reloader(versions),
    ],
    usesApi: true,
    collectsMetrics: true,
    component: COMPONENT,
    origin,
  });
}

function alertmanager({ scale, versions }: Cluster, origin: Path): Workload {
  return systemWorkload({
    kind: "StatefulSet",
    ...ALERTMANAGER,
    labels: {
      "app.kubernetes.io/name": "alertmanager",
      alertmanager: RELEASE,
    },
    serviceAccount: "prometheus-alertmanager",
    replicas: alertmanagerReplicas(scale),
    ports: { "http-web": ALERTMANAGER_PORT, "mesh-tcp": GOSSIP_PORT, "reloader-web": 8080 },
    services: [
      {
        name: "prometheus-alertmanager",
        type: "ClusterIP",
        ports: [{ name: "http-web", port: ALERTMANAGER_PORT, targetPort: ALERTMANAGER_PORT }],
      },
    ],
    containers: [
      {
        name: "alertmanager",
        image: versions.image("alertmanager"),
        ...RESOURCES.alertmanager,
      },
      reloader(versions),
    ],
    metrics: { port: ALERTMANAGER_PORT, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

/** Three, so that one may be lost and the others still agree on who was told. */
export function alertmanagerReplicas(scale: PlannedCluster["scale"]): number {
  return scale === "highly-available" ? 3 : 1;
}

function reloader(versions: Cluster["versions"]): Workload["containers"][number] {
  const { appVersion } = versions.chart(CHART);
  const image = `quay.io/prometheus-operator/prometheus-config-reloader:${appVersion}`;
  return { name: "config-reloader", image, ...RESOURCES.reloader };
}

function stateMetrics(origin: Path): Workload {
  return systemWorkload({
    name: "prometheus-kube-state-metrics",
    namespace: MONITORING_NAMESPACE,
    labels: {
      "app.kubernetes.io/name": "kube-state-metrics",
      "app.kubernetes.io/instance": RELEASE,
    },
    // `metrics` is what it tells of itself; `http` what it tells of the cluster.
    ports: { http: 8080, metrics: 8081 },
    services: [
      {
        name: "prometheus-kube-state-metrics",
        type: "ClusterIP",
        ports: [{ name: "http", port: 8080, targetPort: 8080 }],
      },
    ],
    containers: [
      {
        name: "kube-state-metrics",
        // Of chart kube-state-metrics 8.4.0, which the stack pins.
        image: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0",
        ...RESOURCES.stateMetrics,
      },
    ],
    usesApi: true,
    metrics: { port: 8080, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

function nodeExporter({ nodes }: Cluster, origin: Path): Workload {
  return systemWorkload({
    kind: "DaemonSet",
    name: "prometheus-prometheus-node-exporter",
    namespace: NODE_EXPORTER_NAMESPACE,
    labels: {
      "app.kubernetes.io/name": "prometheus-node-exporter",
      "app.kubernetes.io/instance": RELEASE,
    },
    replicas: nodes.reduce((sum, { count }) => sum + count, 0),
    ports: { "http-metrics": 9100 },
    containers: [
      {
        name: "node-exporter",
        // Of chart prometheus-node-exporter 4.56.1, which the stack pins.
        image: "quay.io/prometheus/node-exporter:v1.12.1-distroless",
        ...RESOURCES.nodeExporter,
      },
    ],
    hostNetwork: true,
    metrics: { port: 9100, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

function ownFlows(origin: Path): Flow[] {
  const from = { kind: "workload", ...PROMETHEUS } as const;
  const to = { kind: "workload", ...ALERTMANAGER } as const;
  const shared = { protocol: "TCP", purpose: "internal", origin } as const;
  return [
    {
      ...shared,
      name: "prometheus-to-alertmanager",
      from,
      to,
      port: ALERTMANAGER_PORT,
      application: "http",
      encryption: "none",
    },
    {
      ...shared,
      name: "alertmanager-peers",
      from: to,
      to,
      port: GOSSIP_PORT,
      application: "gossip",
      encryption: "none",
    },
    {
      ...shared,
      name: "prometheus-to-kubelets",
      from,
      to: { kind: "nodes" },
      port: KUBELET_PORT,
      purpose: "scrape",
      application: "https",
      encryption: "tls",
    },
  ];
}

function remoteFlow({ remoteWrite }: MetricsStoreOptions, origin: Path): Flow[] {
  if (remoteWrite === undefined) return [];
  const { host, addresses } = remoteWrite;
  return [
    {
      name: "prometheus-to-remote-write",
      from: { kind: "workload", ...PROMETHEUS },
      to: { kind: "external", name: host, addresses },
      port: 443,
      protocol: "TCP",
      purpose: "internal",
      application: "https",
      encryption: "tls",
      origin: [...origin, "remoteWrite"],
    },
  ];
}
