// Reads JSON into the shape the API server's Go types give it back: unknown fields go, and so do nulls, empty optional
// lists and maps, and zeros of plain scalars; structs and scalars that Go always writes appear. Copy-on-write: a value
// already in shape is returned as it is. Mirrors decoding with k8s.io/apimachinery and encoding again.

import { setOwn } from "../../../core/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { deepFreeze } from "../../store/freeze.ts";
import { fieldsOf, itemOf, planOf } from "./decode-plan.ts";
import type { DecodePlan } from "./decode-plan.ts";
import { decodeScalar } from "./decode-scalar.ts";
import { hasFaults, noteMismatch, walkPath } from "./decode-walk.ts";
import type { DecodeWalk } from "./decode-walk.ts";
import { emptyStruct, fillAbsent, isNullWhenUnset } from "./zero-values.ts";

export function decodeValue(value: unknown, schema: FieldSchema, walk: DecodeWalk): unknown {
  return decodePlanned(value, planOf(schema), walk);
}

function decodePlanned(value: unknown, plan: DecodePlan, walk: DecodeWalk): unknown {
  if (value === null || value === undefined) return undefined;
  const { reads } = plan;
  if (reads === "struct") return decodeStruct(value, plan, walk);
  if (reads === "map") return decodeMap(value, plan, walk);
  return reads === "list" ? decodeList(value, plan, walk) : decodeScalar(value, plan, walk);
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Down to here (`spec.template.spec`) results are remembered: these parts are shared between many objects. */
const REMEMBERED_DEPTH_MAX = 3;

/** Frozen value → its schema and result: a hundred pods of one template are decoded once. */
const remembered = new WeakMap<
  object,
  { readonly schema: FieldSchema; readonly result: unknown }
>();

function decodeStruct(value: unknown, plan: DecodePlan, walk: DecodeWalk): unknown {
  const { schema } = plan;
  if (!isFields(value)) return noteMismatch(walk, value, schema);
  return decodeOnce(value, schema, walk, () => decodeFields(value, plan, walk));
}

function decodeOnce(
  value: object,
  schema: FieldSchema,
  walk: DecodeWalk,
  decode: () => unknown,
): unknown {
  const isShared = walk.path.length <= REMEMBERED_DEPTH_MAX && Object.isFrozen(value);
  if (!isShared) return decode();
  const known = remembered.get(value);
  if (known !== undefined && known.schema === schema) return known.result;
  const result = decode();
  if (!hasFaults(walk)) remembered.set(value, { schema, result: deepFreeze(result) });
  return result;
}

/**
 * The root of an object. Parts that are those of `known`, which is in shape, are taken as they are: a new status costs
 * nothing for the spec.
 */
export function decodeRoot(
  value: Fields,
  schema: FieldSchema,
  known: Fields | undefined,
  walk: DecodeWalk,
): Fields {
  return decodeFields(value, planOf(schema), walk, known);
}

function decodeFields(value: Fields, plan: DecodePlan, walk: DecodeWalk, known?: Fields): Fields {
  const fields = fieldsOf(plan);
  const keys = Object.keys(value);
  let result: Fields | undefined;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    const inner = value[key];
    if (known !== undefined && inner !== undefined && known[key] === inner) {
      if (result !== undefined) result[key] = inner;
      continue;
    }
    walk.path.push(key);
    const decoded = decodeField(inner, fields.get(key), walk, known?.[key]);
    walk.path.pop();
    const next = settle(decoded, inner, plan.schema, key);
    if (result === undefined) {
      if (next === inner && inner !== undefined) continue;
      result = firstFields(value, keys, index);
    }
    if (next !== undefined) result[key] = next;
  }
  return fillAbsent(result ?? value, plan.schema);
}

/** Zeros that Go leaves out go; a null that Go would write stays. */
function settle(decoded: unknown, given: unknown, schema: FieldSchema, key: string): unknown {
  if (decoded === undefined) {
    return given === null && isNullWhenUnset(schema, key) ? null : undefined;
  }
  return isZero(decoded) && schema.omitsZero?.includes(key) ? undefined : decoded;
}

/** A copy of the fields before one; cheaper to go on with than a copy of all with deletions. */
function firstFields(value: Fields, keys: readonly string[], count: number): Fields {
  const copy: Fields = {};
  for (const key of keys.slice(0, count)) copy[key] = value[key];
  return copy;
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false;
}

function decodeField(
  value: unknown,
  plan: DecodePlan | undefined,
  walk: DecodeWalk,
  known: unknown,
): unknown {
  if (plan === undefined) {
    if (value !== undefined) walk.unknown.push(walkPath(walk));
    return undefined;
  }
  const decoded =
    plan.reads === "struct" && isFields(value) && isFields(known)
      ? decodeFields(value, plan, walk, known)
      : decodePlanned(value, plan, walk);
  return isEmptyCollection(decoded, plan) ? undefined : decoded;
}

/** Go leaves empty maps and lists out of optional fields; an empty struct behind a pointer stays. */
function isEmptyCollection(value: unknown, { reads }: DecodePlan): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return reads === "map" && isFields(value) && isWithoutKeys(value);
}

function isWithoutKeys(record: Fields): boolean {
  for (const _ in record) return false;
  return true;
}

function decodeMap(value: unknown, plan: DecodePlan, walk: DecodeWalk): unknown {
  if (!isFields(value)) return noteMismatch(walk, value, plan.schema);
  const item = itemOf(plan);
  let result: Fields | undefined;
  for (const key of Object.keys(value)) {
    const inner = value[key];
    walk.path.push(key);
    const next = inner === undefined ? undefined : decodeItem(inner, item, walk);
    walk.path.pop();
    if (next === inner && inner !== undefined) continue;
    result ??= { ...value };
    if (next === undefined) delete result[key];
    else setOwn(result, key, next);
  }
  return result ?? value;
}

function decodeList(value: unknown, plan: DecodePlan, walk: DecodeWalk): unknown {
  if (!Array.isArray(value)) return noteMismatch(walk, value, plan.schema);
  return decodeOnce(value, plan.schema, walk, () => decodeItems(value, plan, walk));
}

function decodeItems(value: readonly unknown[], plan: DecodePlan, walk: DecodeWalk): unknown {
  const item = itemOf(plan);
  let result: unknown[] | undefined;
  for (let index = 0; index < value.length; index += 1) {
    const inner: unknown = value[index];
    walk.path.push(index);
    const next = decodeItem(inner, item, walk);
    walk.path.pop();
    if (next === inner) continue;
    result ??= [...value];
    result[index] = next;
  }
  return result ?? value;
}

/** An item cannot be absent: null becomes the zero value of its type. */
function decodeItem(value: unknown, plan: DecodePlan, walk: DecodeWalk): unknown {
  if (value !== null && value !== undefined) return decodePlanned(value, plan, walk) ?? null;
  const { schema } = plan;
  if (schema.properties !== undefined) return emptyStruct(schema);
  if (schema.type === "string") return "";
  return schema.type === "integer" || schema.type === "number" ? 0 : null;
}
