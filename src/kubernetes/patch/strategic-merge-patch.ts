// Strategic merge patch: a merge patch that knows the schema, so that keyed lists merge item by item, with the
// directives $patch, $retainKeys, $deleteFromPrimitiveList and $setElementOrder.
// Mirrors apimachinery pkg/util/strategicpatch; inputs are never changed.

import { plainText, deepEqual, isRecord } from "../../core/index.ts";
import type { FieldSchema } from "../schemas/schema.ts";
import { childSchema, patchStrategiesOf } from "../schemas/schema-at.ts";
import { orderFault } from "./element-order-check.ts";
import { mergeInOrder, orderAfterMerge } from "./element-order.ts";

/** The patch itself makes no sense: an unknown directive, an item without its merge key. */
export class StrategicMergeError extends Error {
  override readonly name = "StrategicMergeError";
}

type Items = readonly unknown[];
type Fields = Readonly<Record<string, unknown>>;

const PATCH = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_FROM = "$deleteFromPrimitiveList/";
const SET_ORDER = "$setElementOrder/";

export function applyStrategicMergePatch(
  target: Fields,
  patch: Fields,
  schema: FieldSchema,
): Fields {
  return mergeFields(target, patch, schema);
}

function mergeFields(target: Fields, patch: Fields, schema: FieldSchema | undefined): Fields {
  const directive = patch[PATCH];
  if (directive === "replace") return withoutDirectives(patch) as Fields;
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw new StrategicMergeError(`Unknown patch type found: ${plainText(directive)}`);
  }
  const result: Record<string, unknown> = { ...retained(target, patch) };
  for (const [key, change] of Object.entries(patch)) {
    if (key === PATCH || key === RETAIN_KEYS || key.startsWith(SET_ORDER)) continue;
    if (key.startsWith(DELETE_FROM)) deleteItems(result, key.slice(DELETE_FROM.length), change);
    else mergeField(result, key, change, fieldSchema(schema, key));
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER) || !Array.isArray(order)) continue;
    const field = key.slice(SET_ORDER.length);
    const fault = orderFault(patch[field], order, fieldSchema(schema, field)?.patchMergeKey);
    if (fault !== undefined) throw new StrategicMergeError(fault);
    applyOrder(result, field, { order, live: target[field], schema: fieldSchema(schema, field) });
  }
  return deepEqual(result, target) ? target : result;
}

function fieldSchema(schema: FieldSchema | undefined, key: string): FieldSchema | undefined {
  return schema === undefined ? undefined : childSchema(schema, key);
}

/** `$retainKeys` drops what it does not name; used for unions such as a deployment's strategy. */
function retained(target: Fields, patch: Fields): Fields {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return target;
  if (!Array.isArray(keys)) throw new StrategicMergeError("invalid value for retainKeys directive");
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function deleteItems(result: Record<string, unknown>, field: string, gone: unknown): void {
  const list = result[field];
  if (!Array.isArray(list) || !Array.isArray(gone)) return;
  result[field] = list.filter((item) => !gone.includes(item));
}

function mergeField(
  result: Record<string, unknown>,
  key: string,
  change: unknown,
  schema: FieldSchema | undefined,
): void {
  const before = result[key];
  if (change === null) {
    delete result[key];
  } else if (before === undefined) {
    result[key] = withoutDirectives(change);
  } else if (isRecord(before) && isRecord(change)) {
    const replaces = schema !== undefined && patchStrategiesOf(schema).includes("replace");
    result[key] = replaces ? withoutDirectives(change) : mergeFields(before, change, schema);
  } else if (Array.isArray(before) && Array.isArray(change)) {
    result[key] = mergesItems(schema) ? mergeList(before, change, schema) : change;
  } else {
    result[key] = withoutDirectives(change);
  }
}

function mergesItems(schema: FieldSchema | undefined): schema is FieldSchema {
  return schema !== undefined && patchStrategiesOf(schema).includes("merge");
}

function mergeList(live: Items, change: Items, schema: FieldSchema): Items {
  const key = schema.patchMergeKey;
  if (key === undefined) {
    const merged = [...new Set([...live, ...change])];
    return mergeInOrder(merged, { patch: change, live, key });
  }
  const kept = live.filter((item) => !isDeletedBy(change, item, key));
  const replaces = change.some((item) => isRecord(item) && item[PATCH] === "replace");
  const plain = change.filter((item) => isPlain(item));
  const merged = mergeItems(replaces ? [] : kept, plain, key, schema.items);
  return mergeInOrder(merged, { patch: plain, live, key });
}

function isPlain(item: unknown): boolean {
  const directive = isRecord(item) ? item[PATCH] : undefined;
  return directive === undefined || directive === "merge";
}

function isDeletedBy(change: Items, item: unknown, key: string): boolean {
  if (!isRecord(item)) return false;
  return change.some((one) => isRecord(one) && one[PATCH] === "delete" && one[key] === item[key]);
}

function mergeItems(
  live: Items,
  change: Items,
  key: string,
  schema: FieldSchema | undefined,
): Items {
  const merged = [...live];
  for (const item of change) {
    if (!isRecord(item) || item[key] === undefined) {
      throw new StrategicMergeError(
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`,
      );
    }
    const index = merged.findIndex((other) => isRecord(other) && other[key] === item[key]);
    const before = merged[index];
    if (isRecord(before)) merged[index] = mergeFields(before, item, schema);
    else merged.push(withoutDirectives(item));
  }
  return merged;
}

interface OrderChange {
  readonly order: Items;
  readonly live: unknown;
  readonly schema: FieldSchema | undefined;
}

function applyOrder(
  result: Record<string, unknown>,
  field: string,
  { order, live, schema }: OrderChange,
): void {
  const list = result[field];
  if (!Array.isArray(list) || !mergesItems(schema)) return;
  const key = schema.patchMergeKey;
  const before = orderAfterMerge(Array.isArray(live) ? live : [], list, key);
  result[field] = mergeInOrder(list, { patch: order, live: before, key });
}

/** What is taken over whole must not carry directives into the object. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = value.filter(
      (item) => !(isRecord(item) && (item[PATCH] === "delete" || isBareReplace(item))),
    );
    return kept.map(withoutDirectives);
  }
  if (!isRecord(value)) return value;
  if (value[PATCH] === "delete") return {};
  const entries = Object.entries(value)
    .filter(([key, inner]) => !isDirective(key) && inner !== null)
    .map(([key, inner]) => [key, withoutDirectives(inner)] as const);
  return Object.fromEntries(entries);
}

function isBareReplace(item: Fields): boolean {
  return item[PATCH] === "replace" && Object.keys(item).length === 1;
}

function isDirective(key: string): boolean {
  return (
    key === PATCH || key === RETAIN_KEYS || key.startsWith(DELETE_FROM) || key.startsWith(SET_ORDER)
  );
}
