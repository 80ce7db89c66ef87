// Finding what a backup's options name.

import type { PlannedBucket, PlannedCluster, SecretCopy } from "../../model/index.ts";
import type { Binding } from "../../model/index.ts";
import { BACKUP_NAMESPACE } from "./backup-namespace.ts";

/** Undefined only for a definition that was already refused: the schema checks that the name exists. */
export function bucketOf(
  { buckets }: Pick<PlannedCluster, "buckets">,
  name: string,
): PlannedBucket | undefined {
  return buckets.find((bucket) => bucket.name === name);
}

/** The jobs' own copies of the secrets behind some bindings. */
export function copiesForBackup(bindings: readonly Binding[]): SecretCopy[] {
  const ids = new Set(bindings.flatMap(({ secrets }) => secrets));
  return [...ids].toSorted().map((id) => ({ id, namespace: BACKUP_NAMESPACE }));
}
