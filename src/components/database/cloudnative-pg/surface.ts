// What the operator's chart creates, and the instances the operator runs for each Cluster. Sources: cloudnative-pg/charts
// cloudnative-pg 0.29.0 templates/{deployment,service}.yaml; cloudnative-pg v1.30.0 pkg/specs/{pods,services}.go, pkg/url.

import type { Path } from "../../../core/index.ts";
import type {
  AlertRule,
  Flow,
  PlannedCluster,
  PlannedDatabase,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import { DATA_NAMESPACE, dataNamespace } from "../data-namespace.ts";
import { databaseSecret, GENERATED_PASSWORD } from "../database-secret.ts";
import type { CloudnativePgOptions } from "./options.ts";

export const CHART = "cloudnative-pg";
export const NAMESPACE = "cnpg-system";
export const POSTGRES_PORT = 5432;
const STATUS_PORT = 8000;
const METRICS_PORT = 9187;
const WEBHOOK_PORT = 9443;

/** The chart states none; these are its own commented example. */
export const OPERATOR_RESOURCES = {
  requests: { cpu: "100m", memory: "100Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const;

export function cloudnativePgSurface(
  { cluster, path }: SurfaceContext,
  databases: readonly PlannedDatabase[],
  options: CloudnativePgOptions,
): Surface {
  if (databases.length === 0) return {};
  return {
    workloads: [
      operator(cluster, path),
      ...databases.map((database) => instances(cluster, database, options)),
    ],
    namespaces: [
      { name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path },
      dataNamespace(path),
    ],
    flows: databases.flatMap(databaseFlows),
    secrets: databases.map((database) => ({
      ...databaseSecret(database, DATA_NAMESPACE, GENERATED_PASSWORD),
      // What the operator takes the owner's name and password from.
      type: "kubernetes.io/basic-auth",
    })),
    alerts: alerts(path),
  };
}

export function operatorReplicas({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

function operator(cluster: Pick<PlannedCluster, "scale" | "versions">, origin: Path): Workload {
  const { appVersion } = cluster.versions.chart(CHART);
  return systemWorkload({
    name: CHART,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": CHART, "app.kubernetes.io/instance": CHART },
    replicas: operatorReplicas(cluster),
    ports: { metrics: 8080, "webhook-server": WEBHOOK_PORT },
    services: [
      {
        name: "cnpg-webhook-service",
        type: "ClusterIP",
        ports: [{ name: "webhook-server", port: 443, targetPort: WEBHOOK_PORT }],
      },
    ],
    containers: [
      {
        name: "manager",
        image: `ghcr.io/cloudnative-pg/cloudnative-pg:${appVersion}`,
        ...OPERATOR_RESOURCES,
      },
    ],
    usesApi: true,
    webhookPort: WEBHOOK_PORT,
    metrics: { port: 8080, path: "/metrics" },
    component: CHART,
    origin,
  });
}

/** The label is on the jobs that make and join instances, too: they talk to the same parties. */
function instances(
  { versions }: Pick<PlannedCluster, "versions">,
  { name, instances: replicas, version, storage, origin }: PlannedDatabase,
  { resources }: CloudnativePgOptions,
): Workload {
  const port = { name: "postgres", port: POSTGRES_PORT, targetPort: POSTGRES_PORT };
  const service = (suffix: string) =>
    ({ name: `${name}-${suffix}`, type: "ClusterIP", ports: [port] }) as const;
  return systemWorkload({
    kind: "StatefulSet",
    name,
    namespace: DATA_NAMESPACE,
    labels: { "cnpg.io/cluster": name },
    replicas,
    volumes: [storage],
    // A commit waits for one standby: with the last two gone nothing is written.
    ...(replicas > 2 ? { quorum: true as const } : {}),
    ports: { postgresql: POSTGRES_PORT, metrics: METRICS_PORT, status: STATUS_PORT },
    services: [service("rw"), service("ro"), service("r")],
    containers: [{ name: "postgres", image: instanceImage(versions, version), ...resources }],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: CHART,
    origin,
  });
}

/** The operator's own images: others lack what its instance manager calls. Rolling by major where it is not the catalogue's. */
export function instanceImage(versions: PlannedCluster["versions"], major: string): string {
  const image = versions.image("cnpg-postgresql");
  const [repository = "", tag = ""] = image.split("@")[0]?.split(/:(?=[^/]*$)/) ?? [];
  return tag.startsWith(`${major}.`) ? image : `${repository}:${major}-system-trixie`;
}

function databaseFlows({ name, origin }: PlannedDatabase): Flow[] {
  const ours = { kind: "workload", namespace: DATA_NAMESPACE, name } as const;
  const operated = { kind: "workload", namespace: NAMESPACE, name: CHART } as const;
  const flow = { protocol: "TCP", purpose: "internal", encryption: "mtls", origin } as const;
  return [
    {
      ...flow,
      name: `${name}-replication`,
      from: ours,
      to: ours,
      port: POSTGRES_PORT,
      application: "postgresql",
    },
    {
      ...flow,
      name: `cnpg-to-${name}-status`,
      from: operated,
      to: ours,
      port: STATUS_PORT,
      application: "https",
    },
    {
      ...flow,
      // Instances ask each other before a failover.
      name: `${name}-status`,
      from: ours,
      to: ours,
      port: STATUS_PORT,
      application: "https",
    },
  ];
}

/** Metrics and bounds as in docs/src/samples/monitoring/prometheusrule.yaml of v1.30. */
function alerts(origin: Path): AlertRule[] {
  const common = {
    runbook: "https://cloudnative-pg.io/documentation/1.30/troubleshooting/",
    component: CHART,
    origin,
  };
  return [
    {
      ...common,
      name: "PostgresReplicationLag",
      expression: "cnpg_pg_replication_lag > 300",
      holds: "1m",
      severity: "warning",
      summary: "{{ $labels.pod }} is more than five minutes behind its primary",
    },
    {
      ...common,
      name: "PostgresReplicaFailing",
      expression: "cnpg_pg_replication_in_recovery > cnpg_pg_replication_is_wal_receiver_up",
      holds: "1m",
      severity: "critical",
      summary: "{{ $labels.pod }} does not receive what its primary writes",
    },
    {
      ...common,
      name: "PostgresTransactionAge",
      expression: "cnpg_pg_database_xid_age > 300000000",
      holds: "1m",
      severity: "warning",
      summary:
        "{{ $labels.datname }} on {{ $labels.pod }} needs a vacuum before its transaction numbers run out",
    },
  ];
}
