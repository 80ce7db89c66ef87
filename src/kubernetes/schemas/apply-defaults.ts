// Defaults of structural schemas, filled in where a member is absent or null without being nullable. Mirrors
// apiextensions-apiserver pkg/apiserver/schema/defaulting. Built-in kinds are defaulted by code of their own: what their
// published schemas call a default is mostly Go's zero value.

import { isRecord, setOwn } from "../../core/index.ts";
import type { FieldSchema, KindFacts } from "./schema.ts";

/** The object with its defaults; the same object when nothing was missing, or when the kind is built in. */
export function applyDefaults<T>(object: T, kind: KindFacts): T {
  if (kind.custom === undefined) return object;
  // Defaulting adds members and never changes the type of what was there.
  return defaultValue(object, kind.schema) as T;
}

/** The same for one value and its structural schema. */
export function defaultValue(value: unknown, schema: FieldSchema): unknown {
  if (Array.isArray(value)) return defaultList(value, schema.items);
  return isRecord(value) ? defaultRecord(value, schema) : value;
}

function defaultList(list: readonly unknown[], items: FieldSchema | undefined): readonly unknown[] {
  if (items === undefined) return list;
  const filled = list.map((item) => defaultValue(orDefault(item, items), items));
  return filled.some((item, index) => item !== list[index]) ? filled : list;
}

function defaultRecord(
  record: Record<string, unknown>,
  schema: FieldSchema,
): Record<string, unknown> {
  const { properties = {}, additionalProperties } = schema;
  const filled: Record<string, unknown> = {};
  let isChanged = false;
  const names = new Set([...Object.keys(record), ...Object.keys(properties)]);
  for (const name of names) {
    const member = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    const next = member === undefined ? value : defaultValue(orDefault(value, member), member);
    if (next !== undefined) setOwn(filled, name, next);
    isChanged ||= next !== value;
  }
  return isChanged ? filled : record;
}

function orDefault(value: unknown, schema: FieldSchema): unknown {
  const isAbsent = value === undefined || (value === null && schema.nullable !== true);
  return isAbsent && schema.default !== undefined ? schema.default : value;
}
