// PostgreSQL in the cluster without an operator: one server and one volume a database. For laptops and small
// environments; what must survive a node belongs to a provider that replicates.

import type { EmitContext, EmittedObject, PlannedDatabase } from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { emitterFor, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { bindPostgresServer } from "./binding.ts";
import { postgresServerSchema, type PostgresServerOptions } from "./options.ts";
import { postgresStatefulSet } from "./stateful-set.ts";
import { postgresSurface, postgresWorkload } from "./surface.ts";

const AREA = "infrastructure/data";

export const postgresServerProvider = defineProvider<PlannedDatabase, PostgresServerOptions>({
  name: "postgres-server",
  serves: "postgres",
  area: AREA,
  provides: ["database"],
  options: postgresServerSchema,
  bind: bindPostgresServer,
  surface: postgresSurface,
  local: async () => (await import("./local.ts")).postgresLocal,
  emit: (context, databases, options) => ({
    objects: databases.flatMap((database) => serverObjects(context, database, options)),
  }),
});

function serverObjects(
  { cluster }: EmitContext,
  database: PlannedDatabase,
  options: PostgresServerOptions,
): EmittedObject[] {
  const workload = postgresWorkload(cluster, database, options);
  const emitted = emitterFor(AREA, database.origin);
  return [
    emitted(serviceAccountOf(cluster.platform, workload)),
    emitted(postgresStatefulSet(cluster, workload, database, options)),
    ...servicesOf(cluster.platform, workload).map((service) => emitted(service)),
  ];
}
