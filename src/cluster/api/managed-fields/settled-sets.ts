// Field sets written under an older schema of a custom kind: fields below what has become atomic give way to the whole.
// Mirrors structured-merge-diff typed/reconcile_schema.go; from atomic to granular nothing needs to be done.

import { childSchema, listMergeOf, mapMergeOf } from "../../../kubernetes/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";
import { EMPTY_SET, isEmptySet, isMember, makeNode } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import type { ManagedEntry } from "./managed-entries.ts";
import { itemSchema } from "./typed-value.ts";

/** The schemas of built-in kinds do not change under their objects. */
export function settledEntries(
  { facts }: Resource,
  entries: readonly ManagedEntry[],
): readonly ManagedEntry[] {
  if (facts.custom === undefined) return entries;
  return entries.map((entry) => {
    const set = settle(entry.set, facts.schema);
    return set === entry.set ? entry : { ...entry, set };
  });
}

function settle(set: FieldSet, schema: FieldSchema): FieldSet {
  let result = set;
  for (const element of Object.keys(set)) {
    const node = set[element];
    if (element === "." || node === undefined || isEmptySet(node)) continue;
    const child = element.startsWith("f:")
      ? childSchema(schema, element.slice(2))
      : itemSchema(schema);
    if (child === undefined) continue;
    const settled = isAtomic(child)
      ? EMPTY_SET
      : (makeNode(isMember(node), settle(node, child)) ?? EMPTY_SET);
    if (settled !== node) result = { ...result, [element]: settled };
  }
  return result;
}

/** Only what the schema says; values of unknown type stay as they were. */
function isAtomic(schema: FieldSchema): boolean {
  if (schema.type === "array") return listMergeOf(schema).type === "atomic";
  const isObject = schema.properties !== undefined || schema.additionalProperties !== undefined;
  return isObject && mapMergeOf(schema) === "atomic";
}
