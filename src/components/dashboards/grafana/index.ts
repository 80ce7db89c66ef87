// Grafana from the community's chart, on the primary cluster. Nothing is kept in the pod: data sources are provisioned, and a
// second replica would need a database. Keys and names as in grafana-community/helm-charts charts/grafana 12.11.1.

import type { Path } from "../../../core/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type {
  EmitContext,
  Emission,
  Offer,
  PlannedCluster,
  PlannedRoute,
  ResolveContext,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { chartRelease, flowToOffer, systemWorkload, type Fields } from "../../manifests/index.ts";
import {
  MONITORING_AREA,
  MONITORING_NAMESPACE,
  monitoringNamespace,
} from "../../monitoring/namespace.ts";
import { grafanaSchema, type GrafanaOptions } from "./options.ts";

const CHART = "grafana";
const NAME = "grafana";
const PORT = 3000;
/** The chart opens them whether they are used or not; no flow leads there. */
const GOSSIP_PORT = 9094;
const PROFILING_PORT = 6060;
const ADMIN_SECRET = "grafana-admin";
const RESOURCES = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
} as const;

export const grafanaFiller = defineSlotFiller<GrafanaOptions>({
  name: CHART,
  slot: "dashboards",
  area: MONITORING_AREA,
  provides: ["dashboards"],
  options: grafanaSchema,
  routes: (context, options) => (context.cluster.primary ? [route(context, options)] : []),
  surface: grafanaSurface,
  emit: emitGrafana,
});

function route({ cluster, path }: ResolveContext, { host }: GrafanaOptions): PlannedRoute {
  return {
    name: NAME,
    namespace: MONITORING_NAMESPACE,
    hostname: `${host}.${cluster.domain}`,
    paths: ["/"],
    service: NAME,
    servicePort: 80,
    workload: NAME,
    targetPort: PORT,
    area: MONITORING_AREA,
    origin: path,
  };
}

function grafanaSurface({ cluster, path }: SurfaceContext): Surface {
  if (!cluster.primary) return {};
  const workload = grafanaWorkload(cluster, path);
  return {
    workloads: [workload],
    namespaces: [monitoringNamespace(path)],
    flows: sourcesOf(cluster).map((offer) => flowToOffer(workload, offer, path)),
    secrets: [
      {
        id: "dashboards.admin",
        name: ADMIN_SECRET,
        type: "Opaque",
        namespaces: [MONITORING_NAMESPACE],
        keys: [
          { key: "admin-user", source: "fixed", value: "admin" },
          { key: "admin-password", source: "generated", length: 32 },
        ],
        area: MONITORING_AREA,
        origin: path,
      },
    ],
  };
}

function grafanaWorkload({ versions }: Pick<PlannedCluster, "versions">, origin: Path): Workload {
  const workload = systemWorkload({
    name: NAME,
    namespace: MONITORING_NAMESPACE,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME },
    ports: { grafana: PORT, "gossip-tcp": GOSSIP_PORT, profiling: PROFILING_PORT },
    services: [
      { name: NAME, type: "ClusterIP", ports: [{ name: "service", port: 80, targetPort: PORT }] },
    ],
    containers: [
      {
        name: NAME,
        image: `docker.io/grafana/grafana:${versions.chart(CHART).appVersion}`,
        ...RESOURCES,
      },
    ],
    metrics: { port: PORT, path: "/metrics" },
    component: CHART,
    origin,
  });
  const gossip = { name: "gossip-udp", port: GOSSIP_PORT, protocol: "UDP" } as const;
  return { ...workload, ports: [...workload.ports, gossip] };
}

/** What answers questions, one entry a system. */
function sourcesOf({ offers }: Pick<PlannedCluster, "offers">): Offer[] {
  return offers.filter(({ capability }) =>
    ["metricsQuery", "logsQuery", "tracesQuery"].includes(capability),
  );
}

function emitGrafana(context: EmitContext, { host }: GrafanaOptions): Emission {
  const { cluster } = context;
  if (!cluster.primary) return {};
  const values = {
    resources: RESOURCES,
    admin: { existingSecret: ADMIN_SECRET, userKey: "admin-user", passwordKey: "admin-password" },
    testFramework: { enabled: false },
    initChownData: { enabled: false },
    rbac: { create: false },
    // It asks its data sources, never the Kubernetes API.
    automountServiceAccountToken: false,
    "grafana.ini": {
      server: { root_url: `https://${host}.${cluster.domain}` },
      analytics: { reporting_enabled: false, check_for_updates: false },
    },
    datasources: {
      "datasources.yaml": { apiVersion: 1, datasources: sourcesOf(cluster).map(dataSource) },
    },
  };
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: NAME,
        namespace: MONITORING_NAMESPACE,
        area: MONITORING_AREA,
        values,
      }),
    ],
  };
}

/** Fixed uids, so that dashboards and links between sources survive a new pod. */
function dataSource({ form, component, url, capability }: Offer, index: number): Fields {
  return {
    name: component,
    uid: `${component}-${form}`,
    type: form,
    url,
    access: "proxy",
    editable: false,
    isDefault: index === 0 && capability === "metricsQuery",
  };
}
