// One PostgreSQL server a database: a StatefulSet of one, its volume, and two Services.

import type {
  PlannedCluster,
  PlannedDatabase,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { DATA_NAMESPACE, dataNamespace } from "../data-namespace.ts";
import { databaseSecret, GENERATED_PASSWORD } from "../database-secret.ts";
import { engineImage } from "../engine-image.ts";
import type { PostgresServerOptions } from "./options.ts";

export const POSTGRES_PORT = 5432;

export function postgresSurface(
  { cluster, path }: SurfaceContext,
  databases: readonly PlannedDatabase[],
  options: PostgresServerOptions,
): Surface {
  if (databases.length === 0) return {};
  return {
    workloads: databases.map((database) => postgresWorkload(cluster, database, options)),
    namespaces: [dataNamespace(path)],
    secrets: databases.map((database) =>
      databaseSecret(database, DATA_NAMESPACE, GENERATED_PASSWORD),
    ),
  };
}

export function postgresWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  database: PlannedDatabase,
  { resources }: PostgresServerOptions,
): Workload {
  const { name, origin } = database;
  const port = { name: "postgresql", port: POSTGRES_PORT, targetPort: POSTGRES_PORT };
  return {
    kind: "StatefulSet",
    name,
    namespace: DATA_NAMESPACE,
    labels: { "app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": name },
    serviceAccount: name,
    replicas: 1,
    ports: [{ name: "postgresql", port: POSTGRES_PORT, protocol: "TCP" }],
    services: [
      { name, type: "Headless", ports: [port] },
      { name: `${name}-rw`, type: "ClusterIP", ports: [port] },
    ],
    containers: [
      {
        name: "postgresql",
        image: engineImage(versions, database),
        requests: resources.requests,
        limits: resources.limits,
      },
    ],
    usesApi: false,
    component: "postgres-server",
    origin,
  };
}
