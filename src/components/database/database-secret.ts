// The secret an app reads its database's credentials from: one shape whoever provides the database.

import type { PlannedDatabase, SecretDemand, SecretKey, Unbound } from "../../model/index.ts";

/** Name of the Kubernetes Secret, the same in the database's namespace and in every consumer's. */
export function databaseSecretName({ name }: Unbound<PlannedDatabase>): string {
  return `${name}-app`;
}

/** Id in the sealed file: the definition path of the database. */
export function databaseSecretId({ name }: Unbound<PlannedDatabase>): string {
  return `databases.${name}`;
}

/** PostgreSQL names are identifiers: `order-service` is database and role `order_service`. */
export function databaseIdentifier({ name }: Unbound<PlannedDatabase>): string {
  return name.replace(/[^a-z0-9]+/g, "_");
}

/** Long enough that nobody guesses it, and only letters and digits: it is part of a URL. */
export const GENERATED_PASSWORD: SecretKey = { key: "password", source: "generated", length: 32 };

export function databaseSecret(
  database: PlannedDatabase,
  namespace: string,
  password: SecretKey,
): SecretDemand {
  return {
    id: databaseSecretId(database),
    name: databaseSecretName(database),
    type: "Opaque",
    namespaces: [namespace],
    keys: [{ key: "username", source: "fixed", value: databaseIdentifier(database) }, password],
    area: "infrastructure/data",
    origin: database.origin,
  };
}
