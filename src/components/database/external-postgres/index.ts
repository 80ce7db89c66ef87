// Databases on a server outside the cluster. Apps see the same variables as inside; the name `<database>-rw.data.svc`
// resolves too, for people and tools.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  Binding,
  EmitContext,
  PlannedDatabase,
  ResolveContext,
  Surface,
  SurfaceContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { databaseVariables } from "../../bindings/index.ts";
import { emitterFor, systemLabels } from "../../manifests/index.ts";
import { DATA_NAMESPACE, dataNamespace } from "../data-namespace.ts";
import {
  databaseIdentifier,
  databaseSecret,
  databaseSecretId,
  databaseSecretName,
} from "../database-secret.ts";
import { externalPostgresSchema, type ExternalPostgresOptions } from "./options.ts";

const AREA = "infrastructure/data";

export const externalPostgresProvider = defineProvider<PlannedDatabase, ExternalPostgresOptions>({
  name: "external-postgres",
  serves: "postgres",
  area: AREA,
  provides: ["database"],
  options: externalPostgresSchema,
  bind: bindExternalPostgres,
  surface: externalPostgresSurface,
  emit: ({ cluster }: EmitContext, databases, { host }) => ({
    objects: databases.map((database) =>
      emitterFor(AREA, database.origin)(
        aliasService(cluster.platform, database, host),
        "resolves to the server outside the cluster",
      ),
    ),
  }),
});

function bindExternalPostgres(
  _context: ResolveContext,
  database: Unbound<PlannedDatabase>,
  { host, port, addresses, sslMode, identity }: ExternalPostgresOptions,
): Omit<Binding, "intent"> {
  const access = {
    engine: "postgres",
    // The server's own name: a certificate would not fit the alias.
    host,
    port,
    database: databaseIdentifier(database),
    parameters: { sslmode: sslMode },
  } as const;
  return {
    endpoint: { kind: "external", name: host, addresses },
    port,
    application: "postgresql",
    encryption: "tls",
    env: databaseVariables(database.name, {
      ...access,
      credentials: { secret: databaseSecretName(database) },
    }),
    secrets: [databaseSecretId(database)],
    ...(identity === undefined
      ? {}
      : {
          byIdentity: {
            cloud: identity,
            env: databaseVariables(database.name, {
              ...access,
              credentials: { role: databaseIdentifier(database) },
            }),
          },
        }),
  };
}

function externalPostgresSurface(
  { path }: SurfaceContext,
  databases: readonly PlannedDatabase[],
): Surface {
  if (databases.length === 0) return {};
  return {
    namespaces: [dataNamespace(path)],
    // Nothing in `data` reads it; copies go to the namespaces of the apps.
    secrets: databases.map((database) => ({
      ...databaseSecret(database, DATA_NAMESPACE, {
        key: "password",
        source: "person",
        description: `password of role ${databaseIdentifier(database)} on the external server; letters and digits only, it is part of a URL`,
      }),
      namespaces: [],
    })),
  };
}

function aliasService(platform: string, { name }: PlannedDatabase, host: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: `${name}-rw`,
      namespace: DATA_NAMESPACE,
      labels: systemLabels(platform, "postgresql", name),
    },
    spec: { type: "ExternalName", externalName: host },
  };
}
