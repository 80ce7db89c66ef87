// Who owns what after a write: other managers lose what was changed under them, and what was removed.
// Mirrors structured-merge-diff merge/update.go.

import type { Comparison } from "./compare.ts";
import { difference, intersection, isEmptySet, recursiveDifference, union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import type { ManagedEntry } from "./managed-entries.ts";

export interface OwnershipConflict {
  readonly entry: ManagedEntry;
  readonly fields: FieldSet;
}

/** What other managers own of the fields that were added or changed. */
export function conflictsWith(
  entries: readonly ManagedEntry[],
  { added, modified }: Comparison,
): readonly OwnershipConflict[] {
  const taken = union(modified, added);
  return entries
    .map((entry) => ({ entry, fields: intersection(entry.set, taken) }))
    .filter(({ fields }) => !isEmptySet(fields));
}

export function withoutLost(
  entry: ManagedEntry,
  { added, modified, removed }: Comparison,
): ManagedEntry {
  const kept = difference(difference(difference(entry.set, modified), added), removed);
  return kept === entry.set ? entry : { ...entry, set: kept };
}

/** Fields that never have an owner. */
const SYSTEM_FIELDS: FieldSet = {
  "f:apiVersion": {},
  "f:kind": {},
  "f:metadata": {
    ".": {},
    "f:name": {},
    "f:namespace": {},
    "f:creationTimestamp": {},
    "f:selfLink": {},
    "f:uid": {},
    "f:clusterName": {},
    "f:generation": {},
    "f:managedFields": {},
    "f:resourceVersion": {},
  },
};

/** Without system fields, and without what the written endpoint ignores. */
export function ownable(set: FieldSet, ignored: FieldSet): FieldSet {
  return difference(recursiveDifference(set, ignored), SYSTEM_FIELDS);
}
