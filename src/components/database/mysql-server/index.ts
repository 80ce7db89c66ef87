// MySQL in the cluster without an operator: one server and one volume a database. For laptops and small environments; what
// must survive a node belongs to a provider that replicates.

import type {
  Binding,
  EmitContext,
  EmittedObject,
  PlannedDatabase,
  ResolveContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { databaseVariables } from "../../bindings/index.ts";
import { emitterFor, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { DATA_NAMESPACE, primaryHost } from "../data-namespace.ts";
import { databaseIdentifier, databaseSecretId, databaseSecretName } from "../database-secret.ts";
import { reportReplication } from "../diagnostics.ts";
import { mysqlServerSchema, type MysqlServerOptions } from "./options.ts";
import { mysqlStatefulSet } from "./stateful-set.ts";
import { MYSQL_PORT, mysqlSurface, mysqlWorkload } from "./surface.ts";

const AREA = "infrastructure/data";

export const mysqlServerProvider = defineProvider<PlannedDatabase, MysqlServerOptions>({
  name: "mysql-server",
  serves: "mysql",
  area: AREA,
  provides: ["database"],
  options: mysqlServerSchema,
  bind: bindMysqlServer,
  surface: mysqlSurface,
  local: async () => (await import("./local.ts")).mysqlLocal,
  emit: (context, databases, options) => ({
    objects: databases.flatMap((database) => serverObjects(context, database, options)),
  }),
});

function bindMysqlServer(
  context: ResolveContext,
  database: Unbound<PlannedDatabase>,
): Omit<Binding, "intent"> {
  const { name } = database;
  const instead = "PostgreSQL, which providers.postgres: cloudnativePg() replicates";
  reportReplication(context, database, "mysql-server", instead);
  return {
    endpoint: { kind: "workload", namespace: DATA_NAMESPACE, name },
    port: MYSQL_PORT,
    application: "mysql",
    encryption: "none",
    env: databaseVariables(name, {
      engine: "mysql",
      host: primaryHost(name),
      port: MYSQL_PORT,
      database: databaseIdentifier(database),
      credentials: { secret: databaseSecretName(database) },
    }),
    secrets: [databaseSecretId(database)],
  };
}

function serverObjects(
  { cluster }: EmitContext,
  database: PlannedDatabase,
  options: MysqlServerOptions,
): EmittedObject[] {
  const workload = mysqlWorkload(cluster, database, options);
  const emitted = emitterFor(AREA, database.origin);
  return [
    emitted(serviceAccountOf(cluster.platform, workload)),
    emitted(mysqlStatefulSet(cluster, workload, database, options)),
    ...servicesOf(cluster.platform, workload).map((service) => emitted(service)),
  ];
}
