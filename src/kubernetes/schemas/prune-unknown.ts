// What the server does with fields it does not know: drops them without a word. Also drops null members, which stand
// for no value. Mirrors apiextensions-apiserver pkg/apiserver/schema/{pruning,defaulting}. Inputs are never changed:
// what needs no pruning is returned as it is.

import { isRecord, setOwn } from "../../core/index.ts";
import { memberSchema } from "./member-schema.ts";
import type { FieldSchema, KindFacts } from "./schema.ts";

/** The object without unknown fields and without nulls where null means absent. */
export function pruneUnknown<T>(object: T, kind: KindFacts): T {
  // Pruning removes members and never changes the type of what stays.
  return pruneValue(object, kind.schema) as T;
}

/** Only a schema that contains itself leads deeper; what stands there is left as it is. */
const DEPTH_MAX = 400;

/** The same for one value and its schema. */
export function pruneValue(value: unknown, schema: FieldSchema, depth = 0): unknown {
  if (depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return pruneList(value, schema.items, depth + 1);
  return isRecord(value) ? pruneRecord(value, schema, depth + 1) : value;
}

function pruneList(
  list: readonly unknown[],
  items: FieldSchema | undefined,
  depth: number,
): readonly unknown[] {
  if (items === undefined) return list;
  const pruned = list.map((item) => pruneValue(item, items, depth));
  return pruned.some((item, index) => item !== list[index]) ? pruned : list;
}

function pruneRecord(
  record: Record<string, unknown>,
  schema: FieldSchema,
  depth: number,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  let isChanged = false;
  for (const [name, value] of Object.entries(record)) {
    const member = memberSchema(schema, name);
    const isKept =
      member === undefined ? schema.preserveUnknown === true : !isAbsent(value, member);
    const pruned = member === undefined ? value : pruneValue(value, member, depth);
    if (isKept) setOwn(kept, name, pruned);
    isChanged ||= !isKept || pruned !== value;
  }
  return isChanged ? kept : record;
}

/** Null is a value only where the schema says so, or says nothing about the type. */
function isAbsent(value: unknown, { nullable, type, intOrString }: FieldSchema): boolean {
  const isTyped = type !== undefined || intOrString === true;
  return value === null && nullable !== true && isTyped;
}
