// One PostgreSQL server a database: a StatefulSet of one, its volume, and two Services.

import type {
  PlannedCluster,
  PlannedDatabase,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { DATA_NAMESPACE, dataNamespace } from "../data-namespace.ts";
import { databaseSecret } from "../database-secret.ts";
import { postgresImage } from "../postgres-image.ts";
import type { PostgresServerOptions } from "./options.ts";

export const POSTGRES_PORT = 5432;
/** Long enough that nobody guesses it, and only letters and digits: it is part of a URL. */
const PASSWORD_LENGTH = 32;

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
      databaseSecret(database, DATA_NAMESPACE, {
        key: "password",
        source: "generated",
        length: PASSWORD_LENGTH,
      }),
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
        image: postgresImage(versions, database.version),
        requests: resources.requests,
        limits: resources.limits,
      },
    ],
    usesApi: false,
    component: "postgres-server",
    origin,
  };
}
