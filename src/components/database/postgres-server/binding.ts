// How apps reach a database on its in-cluster server.

import type { Binding, PlannedDatabase, ResolveContext, Unbound } from "../../../model/index.ts";
import { databaseVariables } from "../../bindings/index.ts";
import { DATA_NAMESPACE, primaryHost } from "../data-namespace.ts";
import { databaseIdentifier, databaseSecretId, databaseSecretName } from "../database-secret.ts";
import { serverDoesNotReplicate } from "./diagnostics.ts";
import { POSTGRES_PORT } from "./surface.ts";

export function bindPostgresServer(
  context: ResolveContext,
  database: Unbound<PlannedDatabase>,
): Omit<Binding, "intent"> {
  reportReplication(context, database);
  const { name } = database;
  return {
    endpoint: { kind: "workload", namespace: DATA_NAMESPACE, name },
    port: POSTGRES_PORT,
    application: "postgresql",
    encryption: "none",
    env: databaseVariables(name, {
      host: primaryHost(name),
      port: POSTGRES_PORT,
      database: databaseIdentifier(database),
      secret: databaseSecretName(database),
      sslMode: "disable",
    }),
    secrets: [databaseSecretId(database)],
  };
}

function reportReplication(
  { report }: ResolveContext,
  { name, instances, origin }: Unbound<PlannedDatabase>,
): void {
  if (instances <= 1) return;
  const wanted = `${instances} instances`;
  report(serverDoesNotReplicate([...origin, "instances"], { database: name, wanted }));
}
