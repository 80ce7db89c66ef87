// Reads JSON into the shape the API server's Go types give it back: unknown fields go, nulls and empty optional lists
// and maps go, structs and plain scalars that Go always writes appear. Copy-on-write: a value already in shape is
// returned as it is. Mirrors what decoding with k8s.io/apimachinery and encoding again does to an object.

import { canonicalQuantity, parseQuantity, setOwn } from "../../../core/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";

/** Collects what does not fit; paths in Kubernetes' print form, `spec.containers[0].image`. */
export interface DecodeFaults {
  readonly unknown: string[];
  /** The first value of a wrong type ends decoding in Go; later ones are not reported. */
  readonly mismatched: TypeMismatch[];
}

export interface TypeMismatch {
  readonly path: string;
  readonly actual: string;
  readonly schema: FieldSchema;
}

export function decodeValue(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.properties !== undefined) return decodeStruct(value, schema, path, faults);
  if (schema.additionalProperties !== undefined) return decodeMap(value, schema, path, faults);
  if (schema.items !== undefined) return decodeList(value, schema, path, faults);
  return decodeScalar(value, schema, path, faults);
}

function mismatch(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): undefined {
  const actual = Array.isArray(value)
    ? "array"
    : typeof value === "boolean"
      ? "bool"
      : typeof value;
  faults.mismatched.push({ path, actual, schema });
  return undefined;
}

function isPlainRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeStruct(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (!isPlainRecord(value)) return mismatch(value, schema, path, faults);
  const properties = schema.properties ?? {};
  let result: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const next = decodeProperty(inner, property, joinPath(path, key), faults);
    if (next === inner && inner !== undefined) continue;
    result ??= { ...value };
    if (next === undefined) delete result[key];
    else result[key] = next;
  }
  return fillAbsent(result ?? value, schema);
}

function decodeProperty(
  value: unknown,
  schema: FieldSchema | undefined,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (schema === undefined) {
    if (value !== undefined) faults.unknown.push(path);
    return undefined;
  }
  const decoded = decodeValue(value, schema, path, faults);
  return isEmptyCollection(decoded, schema) ? undefined : decoded;
}

/** Go leaves empty maps and lists out of optional fields; an empty struct behind a pointer stays. */
function isEmptyCollection(value: unknown, schema: FieldSchema): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (schema.additionalProperties === undefined || schema.properties !== undefined) return false;
  return isPlainRecord(value) && Object.keys(value).length === 0;
}

const NOTHING: DecodeFaults = { unknown: [], mismatched: [] };
const EMPTY_STRUCTS = new WeakMap<FieldSchema, unknown>();

/** What Go writes for a struct nobody set. */
export function emptyStruct(schema: FieldSchema): unknown {
  let empty = EMPTY_STRUCTS.get(schema);
  if (empty === undefined) {
    empty = Object.freeze(decodeStruct({}, schema, "", NOTHING));
    EMPTY_STRUCTS.set(schema, empty);
  }
  return empty;
}

function fillAbsent(record: Record<string, unknown>, schema: FieldSchema): Record<string, unknown> {
  let result = record;
  const put = (key: string, value: unknown): void => {
    if (result === record) result = { ...record };
    result[key] = value;
  };
  for (const key of fillableKeys(schema)) {
    if (result[key] !== undefined) continue;
    const property = schema.properties?.[key];
    if (property === undefined) continue;
    put(key, zeroOf(schema, key, property));
  }
  return result;
}

function zeroOf(schema: FieldSchema, key: string, property: FieldSchema): unknown {
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

const FILLABLE = new WeakMap<FieldSchema, readonly string[]>();

/** Fields Go never leaves out: structs, plain scalars (known by their zero default), required lists and maps. */
function fillableKeys(schema: FieldSchema): readonly string[] {
  let keys = FILLABLE.get(schema);
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
    FILLABLE.set(schema, keys);
  }
  return keys;
}

function decodeMap(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (!isPlainRecord(value)) return mismatch(value, schema, path, faults);
  const itemSchema = schema.additionalProperties ?? {};
  let result: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    const next =
      inner === undefined ? undefined : decodeItem(inner, itemSchema, joinPath(path, key), faults);
    if (next === inner && inner !== undefined) continue;
    result ??= { ...value };
    if (next === undefined) delete result[key];
    else setOwn(result, key, next);
  }
  return result ?? value;
}

function decodeList(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (!Array.isArray(value)) return mismatch(value, schema, path, faults);
  const itemSchema = schema.items ?? {};
  let result: unknown[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    const inner: unknown = value[index];
    const next = decodeItem(inner, itemSchema, `${path}[${index}]`, faults);
    if (next === inner) continue;
    result ??= [...value];
    result[index] = next;
  }
  return result ?? value;
}

/** An item cannot be absent: null becomes the zero value of its type. */
function decodeItem(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (value !== null && value !== undefined) {
    return decodeValue(value, schema, path, faults) ?? null;
  }
  if (schema.properties !== undefined) return emptyStruct(schema);
  if (schema.type === "string") return "";
  return schema.type === "integer" || schema.type === "number" ? 0 : null;
}

function decodeScalar(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (schema.format === "quantity") return decodeQuantity(value, schema, path, faults);
  if (schema.intOrString === true || schema.format === "int-or-string") {
    return typeof value === "string" || typeof value === "number"
      ? value
      : mismatch(value, schema, path, faults);
  }
  switch (schema.type) {
    case "string":
      return typeof value === "string" ? value : mismatch(value, schema, path, faults);
    case "boolean":
      return typeof value === "boolean" ? value : mismatch(value, schema, path, faults);
    case "integer":
      return typeof value === "number" && Number.isInteger(value)
        ? value
        : mismatch(value, schema, path, faults);
    case "number":
      return typeof value === "number" ? value : mismatch(value, schema, path, faults);
    case "array":
      return Array.isArray(value) ? value : mismatch(value, schema, path, faults);
    case "object":
      return isPlainRecord(value) ? value : mismatch(value, schema, path, faults);
    case undefined:
      return value;
  }
}

/** Quantities are kept in their canonical form: `0.5` is `500m`, `1024Mi` is `1Gi`. */
function decodeQuantity(
  value: unknown,
  schema: FieldSchema,
  path: string,
  faults: DecodeFaults,
): unknown {
  if (typeof value !== "string" && typeof value !== "number") {
    return mismatch(value, schema, path, faults);
  }
  const text = String(value);
  let canonical = quantities.get(text);
  if (canonical === undefined) {
    if (parseQuantity(text) === undefined) return mismatch(value, schema, path, faults);
    canonical = canonicalQuantity(text);
    // A cluster knows few different quantities; the bound is for clients that try many.
    if (quantities.size > 10_000) quantities.clear();
    quantities.set(text, canonical);
  }
  return canonical;
}

/** Text → canonical text. */
const quantities = new Map<string, string>();

function joinPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
