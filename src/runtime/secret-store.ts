// The stores of secrets a platform reads from, as far as its clusters can tell: what a laptop keeps for each secret lies at its
// path. No store runs, and nobody signs in.

import type { PlannedCluster, SecretStore } from "../model/index.ts";

/** Id of a secret → key → plaintext. */
export type StoredValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function createSecretStore(
  { secrets }: Pick<PlannedCluster, "secrets">,
  values: StoredValues,
): SecretStore {
  const paths = new Map(secrets.map(({ id, storedAt }) => [storedAt, values[id]] as const));
  return { read: (path) => paths.get(path) };
}
