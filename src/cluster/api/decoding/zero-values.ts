// What Go writes for fields nobody set: structs held by value, plain scalars, times, and required lists as null.

import type { FieldSchema } from "../../../kubernetes/index.ts";

const emptyStructs = new WeakMap<FieldSchema, object>();

/** A struct without any field set; the same frozen object every time. */
export function emptyStruct(schema: FieldSchema): object {
  let empty = emptyStructs.get(schema);
  if (empty === undefined) {
    empty = Object.freeze(fillAbsent({}, schema));
    emptyStructs.set(schema, empty);
  }
  return empty;
}

/** The record with the fields Go never leaves out; the same record when none is missing. */
export function fillAbsent(
  record: Record<string, unknown>,
  schema: FieldSchema,
): Record<string, unknown> {
  let result = record;
  for (const key of fillableKeys(schema)) {
    if (result[key] !== undefined) continue;
    if (result === record) result = { ...record };
    result[key] = zeroOf(schema, key);
  }
  return result;
}

/** Whether the field is written as null when nobody set it, so that a null there is in shape. */
export function isNullWhenUnset(schema: FieldSchema, key: string): boolean {
  return fillableKeys(schema).includes(key) && zeroOf(schema, key) === null;
}

function zeroOf(schema: FieldSchema, key: string): unknown {
  const property = schema.properties?.[key];
  if (property === undefined) return null;
  if (schema.always?.includes(key)) return emptyStruct(property);
  return property.default ?? null;
}

/** Times that Go holds by value, so that an unset one is written as null. */
const PLAIN_TIMES: ReadonlySet<string> = new Set([
  "lastProbeTime",
  "lastTransitionTime",
  "lastUpdateTime",
  "lastHeartbeatTime",
  "firstTimestamp",
  "lastTimestamp",
  "eventTime",
  "startedAt",
  "finishedAt",
]);

const fillable = new WeakMap<FieldSchema, readonly string[]>();

/** Structs, plain scalars (known by their zero default), plain times, required lists and maps. */
function fillableKeys(schema: FieldSchema): readonly string[] {
  let keys = fillable.get(schema);
  if (keys === undefined) {
    const required = new Set(schema.required);
    keys = Object.entries(schema.properties ?? {})
      .filter(
        ([key, property]) =>
          schema.always?.includes(key) ||
          property.default !== undefined ||
          PLAIN_TIMES.has(key) ||
          (required.has(key) && (property.items ?? property.additionalProperties) !== undefined),
      )
      .map(([key]) => key);
    fillable.set(schema, keys);
  }
  return keys;
}
