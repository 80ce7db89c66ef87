// Which value of the old object stands for one of the new: members of objects and maps by name, items of a list only by the keys of a
// list of type `map` (apiserver pkg/cel/common/equality.go CorrelatedObject).

import { deepEqual, isRecord, type Path } from "../../core/index.ts";
import type { FieldSchema } from "./schema.ts";

/** Items of the old list by their keys; a list without keys correlates nothing. */
export function oldItems(
  { listType, listMapKeys = [] }: FieldSchema,
  old: unknown,
): (item: unknown) => unknown {
  if (listType !== "map" || !Array.isArray(old)) return () => undefined;
  const byKey = new Map(old.map((item: unknown) => [itemKey(item, listMapKeys), item]));
  return (item) => byKey.get(itemKey(item, listMapKeys));
}

function itemKey(item: unknown, keys: readonly string[]): string {
  return isRecord(item) ? JSON.stringify(keys.map((key) => item[key] ?? null)) : "";
}

/** What became of a value: what it was, if that is known, and whether an enclosing value stayed the same. */
export interface Correlation {
  /** The old value; undefined where nothing correlates. */
  readonly old: unknown;
  readonly isKnown: boolean;
  readonly isUnchanged: boolean;
}

export function correlateRoot(value: unknown, old: unknown): Correlation {
  const isKnown = old !== undefined;
  return { old, isKnown, isUnchanged: isKnown && deepEqual(value, old) };
}

/** A correlatable value counts by itself, others as their nearest correlatable ancestor. */
export function correlate(parent: Correlation, value: unknown, old: unknown): Correlation {
  if (parent.isUnchanged) return { old, isKnown: old !== undefined, isUnchanged: true };
  if (!parent.isKnown || old === undefined)
    return { old: undefined, isKnown: false, isUnchanged: false };
  return { old, isKnown: true, isUnchanged: deepEqual(value, old) };
}

/** Whether the value at a path, or one around it, is what it was; a path may lead to what is missing. */
export function isUnchangedAt(
  schema: FieldSchema,
  path: Path,
  value: unknown,
  before: unknown,
): boolean {
  let correlation = correlateRoot(value, before);
  let place = { value, schema: schema as FieldSchema | undefined };
  for (const element of path) {
    if (correlation.isUnchanged || !correlation.isKnown) break;
    const inner = step(place, element, correlation.old);
    if (inner.value === undefined) break;
    correlation = correlate(correlation, inner.value, inner.old);
    place = inner;
  }
  return correlation.isUnchanged;
}

function step(
  { value, schema }: { readonly value: unknown; readonly schema: FieldSchema | undefined },
  element: Path[number],
  old: unknown,
): { readonly value: unknown; readonly schema: FieldSchema | undefined; readonly old: unknown } {
  if (typeof element === "number" && Array.isArray(value)) {
    const item: unknown = value[element];
    return { value: item, schema: schema?.items, old: oldItems(schema ?? {}, old)(item) };
  }
  const name = typeof element === "string" ? element : "";
  const inner = schema?.properties?.[name] ?? schema?.additionalProperties;
  const member = isRecord(value) ? value[name] : undefined;
  return { value: member, schema: inner, old: isRecord(old) ? old[name] : undefined };
}
