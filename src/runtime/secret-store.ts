// The stores of secrets a platform reads from, as far as its clusters can tell: what a laptop keeps for each secret lies at the
// path its component names. No store runs, and nobody signs in.

import type { PlannedCluster, Registry, SecretStore } from "../model/index.ts";

/** Id of a secret → key → plaintext. */
export type StoredValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function createSecretStore(
  cluster: Pick<PlannedCluster, "platform" | "environment" | "secrets" | "slots">,
  registry: Registry,
  values: StoredValues,
): SecretStore {
  const paths = new Map(
    cluster.secrets.flatMap((secret) => {
      const path = pathOf(secret, cluster, registry);
      const own = values[secret.id];
      return path === undefined || own === undefined ? [] : [[path, own] as const];
    }),
  );
  return { read: (path) => paths.get(path) };
}

function pathOf(
  secret: PlannedCluster["secrets"][number],
  cluster: Pick<PlannedCluster, "platform" | "environment" | "slots">,
  { components }: Registry,
): string | undefined {
  const choice = cluster.slots.find(
    ({ slot, key }) => slot === "secrets" && key === secret.provider,
  );
  const filler = components.find(({ name }) => name === choice?.component);
  if (choice === undefined || filler?.family !== "slot") return undefined;
  return filler.storedAt?.(cluster, secret, choice.options);
}
