// CloudNativePG: PostgreSQL of several instances by an operator, with synchronous replication and failover. Values as in
// cloudnative-pg/charts cloudnative-pg 0.29.0.

import type {
  Binding,
  EmitContext,
  Emission,
  PlannedDatabase,
  ResolveContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { databaseVariables } from "../../bindings/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import { DATA_NAMESPACE, primaryHost } from "../data-namespace.ts";
import { databaseIdentifier, databaseSecretId, databaseSecretName } from "../database-secret.ts";
import { clusterObject, snapshotSchedule } from "./objects.ts";
import { cloudnativePgSchema, type CloudnativePgOptions } from "./options.ts";
import {
  CHART,
  cloudnativePgSurface,
  NAMESPACE,
  OPERATOR_RESOURCES,
  operatorReplicas,
  POSTGRES_PORT,
} from "./surface.ts";

const AREA = "infrastructure/data";

export const cloudnativePgProvider = defineProvider<PlannedDatabase, CloudnativePgOptions>({
  name: "cloudnative-pg",
  serves: "postgres",
  area: AREA,
  provides: ["database", "databaseReplicas"],
  options: cloudnativePgSchema,
  bind: bindCloudnativePg,
  surface: cloudnativePgSurface,
  emit: emitCloudnativePg,
  crds: async () => [(await import("./crds.facts.ts")).cloudnativePgCrdFacts],
  apiGroups: ["postgresql.cnpg.io"],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function bindCloudnativePg(
  _context: ResolveContext,
  database: Unbound<PlannedDatabase>,
): Omit<Binding, "intent"> {
  const { name } = database;
  return {
    endpoint: { kind: "workload", namespace: DATA_NAMESPACE, name },
    port: POSTGRES_PORT,
    application: "postgresql",
    // With a certificate of the operator's own authority.
    encryption: "tls",
    env: databaseVariables(name, {
      engine: "postgres",
      host: primaryHost(name),
      port: POSTGRES_PORT,
      database: databaseIdentifier(database),
      credentials: { secret: databaseSecretName(database) },
      parameters: { sslmode: "require" },
    }),
    secrets: [databaseSecretId(database)],
  };
}

function emitCloudnativePg(
  context: EmitContext,
  databases: readonly PlannedDatabase[],
  options: CloudnativePgOptions,
): Emission {
  const { cluster } = context;
  const release = chartRelease(context, {
    chart: CHART,
    name: CHART,
    namespace: NAMESPACE,
    area: AREA,
    values: { replicaCount: operatorReplicas(cluster), resources: OPERATOR_RESOURCES },
  });
  return {
    charts: [release],
    objects: databases.flatMap((database) => {
      const emitted = emitterFor(AREA, database.origin);
      const schedule = snapshotSchedule(cluster, database, options);
      return [
        emitted(clusterObject(cluster, database, options)),
        ...(schedule === undefined ? [] : [emitted(schedule)]),
      ];
    }),
  };
}
