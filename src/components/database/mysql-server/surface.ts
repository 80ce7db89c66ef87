// One MySQL server a database: a StatefulSet of one, its volume, and two Services.

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
import type { MysqlServerOptions } from "./options.ts";

export const MYSQL_PORT = 3306;

export function mysqlSurface(
  { cluster, path }: SurfaceContext,
  databases: readonly PlannedDatabase[],
  options: MysqlServerOptions,
): Surface {
  if (databases.length === 0) return {};
  return {
    workloads: databases.map((database) => mysqlWorkload(cluster, database, options)),
    namespaces: [dataNamespace(path)],
    secrets: databases.map((database) =>
      databaseSecret(database, DATA_NAMESPACE, GENERATED_PASSWORD),
    ),
  };
}

export function mysqlWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  database: PlannedDatabase,
  { resources }: MysqlServerOptions,
): Workload {
  const { name, origin } = database;
  const port = { name: "mysql", port: MYSQL_PORT, targetPort: MYSQL_PORT };
  return {
    kind: "StatefulSet",
    name,
    namespace: DATA_NAMESPACE,
    labels: { "app.kubernetes.io/name": "mysql", "app.kubernetes.io/instance": name },
    serviceAccount: name,
    replicas: 1,
    ports: [{ name: "mysql", port: MYSQL_PORT, protocol: "TCP" }],
    services: [
      { name, type: "Headless", ports: [port] },
      { name: `${name}-rw`, type: "ClusterIP", ports: [port] },
    ],
    containers: [{ name: "mysql", image: engineImage(versions, database), ...resources }],
    usesApi: false,
    component: "mysql-server",
    origin,
  };
}
