// How apps reach a database on its in-cluster server.

import type { Binding, PlannedDatabase, ResolveContext, Unbound } from "../../../model/index.ts";
import { databaseVariables } from "../../bindings/index.ts";
import { DATA_NAMESPACE, primaryHost } from "../data-namespace.ts";
import { databaseIdentifier, databaseSecretId, databaseSecretName } from "../database-secret.ts";
import { reportReplication } from "../diagnostics.ts";
import { POSTGRES_PORT } from "./surface.ts";

export function bindPostgresServer(
  context: ResolveContext,
  database: Unbound<PlannedDatabase>,
): Omit<Binding, "intent"> {
  reportReplication(
    context,
    database,
    "postgres-server",
    "providers.postgres: cloudnativePg(), or externalPostgres({ host: … }) whose service replicates",
  );
  const { name } = database;
  return {
    endpoint: { kind: "workload", namespace: DATA_NAMESPACE, name },
    port: POSTGRES_PORT,
    application: "postgresql",
    encryption: "none",
    env: databaseVariables(name, {
      engine: "postgres",
      host: primaryHost(name),
      port: POSTGRES_PORT,
      database: databaseIdentifier(database),
      credentials: { secret: databaseSecretName(database) },
      parameters: { sslmode: "disable" },
    }),
    secrets: [databaseSecretId(database)],
  };
}
