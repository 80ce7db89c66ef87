// What the operator's chart creates, and the members it runs for each replica set. Sources: mongodb/mongodb-kubernetes 1.10
// helm_chart/templates/operator.yaml, mongodb-community-operator/controllers/construct/mongodbstatefulset.go and
// api/v1/mongodbcommunity_types.go.

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
import type { MongodbCommunityOptions } from "./options.ts";

export const COMPONENT = "mongodb-community";
export const CHART = "mongodb-kubernetes";
export const OPERATOR = "mongodb-kubernetes-operator";
export const MONGODB_PORT = 27_017;

export const RESOURCES = {
  /** The chart's own. */
  operator: { requests: { cpu: "500m", memory: "200Mi" }, limits: { cpu: "1100m", memory: "1Gi" } },
  agent: { requests: { cpu: "50m", memory: "200Mi" }, limits: { cpu: "500m", memory: "400Mi" } },
} as const;

export function mongodbCommunitySurface(
  { cluster, path }: SurfaceContext,
  databases: readonly PlannedDatabase[],
  options: MongodbCommunityOptions,
): Surface {
  if (databases.length === 0) return {};
  return {
    workloads: [
      operator(cluster, path),
      ...databases.map((database) => members(cluster, database, options)),
    ],
    namespaces: [dataNamespace(path)],
    flows: databases.map(memberFlow),
    secrets: databases.map((database) =>
      databaseSecret(database, DATA_NAMESPACE, GENERATED_PASSWORD),
    ),
    alerts: [memberAlert(databases, path)],
  };
}

/** The Service through which members find each other, and clients the members. */
export const memberService = (database: string): string => `${database}-svc`;

function operator({ versions }: Pick<PlannedCluster, "versions">, origin: Path): Workload {
  const { appVersion } = versions.chart(CHART);
  return systemWorkload({
    name: OPERATOR,
    namespace: DATA_NAMESPACE,
    labels: { "app.kubernetes.io/name": OPERATOR, "app.kubernetes.io/instance": OPERATOR },
    ports: {},
    containers: [
      {
        name: OPERATOR,
        image: `quay.io/mongodb/mongodb-kubernetes:${appVersion}`,
        ...RESOURCES.operator,
      },
    ],
    usesApi: true,
    component: COMPONENT,
    origin,
  });
}

function members(
  { versions }: Pick<PlannedCluster, "versions">,
  { name, version, instances, storage, origin }: PlannedDatabase,
  { resources, logStorage }: MongodbCommunityOptions,
): Workload {
  const port = { name: "mongodb", port: MONGODB_PORT, targetPort: MONGODB_PORT };
  return systemWorkload({
    kind: "StatefulSet",
    name,
    namespace: DATA_NAMESPACE,
    labels: { app: memberService(name) },
    serviceAccount: "mongodb-kubernetes-appdb",
    replicas: instances,
    volumes: [storage, logStorage],
    quorum: true,
    ports: { mongodb: MONGODB_PORT },
    services: [{ name: memberService(name), type: "Headless", ports: [port] }],
    containers: [
      {
        name: "mongod",
        image: `quay.io/mongodb/mongodb-community-server:${serverVersion(versions, version)}-ubi8`,
        ...resources,
      },
      {
        name: "mongodb-agent",
        // Of the chart's values.
        image: "quay.io/mongodb/mongodb-agent:108.0.26.9062-1",
        ...RESOURCES.agent,
      },
    ],
    // The agent writes what it reached on its own pod.
    usesApi: true,
    component: COMPONENT,
    origin,
  });
}

/** The catalogue's patch of its line, the first one of any other. */
export function serverVersion(versions: PlannedCluster["versions"], line: string): string {
  const tag = versions.image("mongodb").split(":").at(-1) ?? "";
  return tag.startsWith(`${line}.`) ? tag : `${line}.0`;
}

function memberFlow({ name, origin }: PlannedDatabase): Flow {
  const ours = { kind: "workload", namespace: DATA_NAMESPACE, name } as const;
  return {
    name: `${name}-replication`,
    from: ours,
    to: ours,
    port: MONGODB_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "mongodb",
    encryption: "none",
    origin,
  };
}

/** By kube-state-metrics: the members' own metrics ask for a password that scrapes do not have. */
function memberAlert(databases: readonly PlannedDatabase[], origin: Path): AlertRule {
  const sets = databases.map(({ name }) => name).join("|");
  const about = `namespace="${DATA_NAMESPACE}",statefulset=~"${sets}"`;
  return {
    name: "MongodbMemberAway",
    expression: `kube_statefulset_status_replicas_ready{${about}} < kube_statefulset_replicas{${about}}`,
    holds: "10m",
    severity: "warning",
    summary: "replica set {{ $labels.statefulset }} has had a member away for ten minutes",
    runbook: "https://www.mongodb.com/docs/kubernetes/current/",
    component: COMPONENT,
    origin,
  };
}
