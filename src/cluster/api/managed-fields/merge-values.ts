// Merges what a manager applies into the live object: its leaves win, records merge, keyed lists merge item by item
// and keep an order that fits both. Mirrors structured-merge-diff typed/merge.go.

import { deepEqual, isRecord, setOwn } from "../../../core/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { fieldSchema, indexItems, itemElement, itemSchema, shapeOf } from "./typed-value.ts";
import type { Fields, Items } from "./typed-value.ts";

/** Parts the applied object does not touch are shared with the live one. */
export function mergeRecords(live: Fields, applied: Fields, schema: FieldSchema): Fields {
  let result = live;
  for (const key of Object.keys(applied)) {
    const before = Object.hasOwn(live, key) ? live[key] : undefined;
    const after = mergeValues(before, applied[key], fieldSchema(schema, key));
    if (after === before) continue;
    if (result === live) result = { ...live };
    setOwn(result as Record<string, unknown>, key, after);
  }
  return result;
}

function mergeValues(live: unknown, applied: unknown, schema: FieldSchema): unknown {
  if (applied === undefined) return live;
  const shape = shapeOf(applied, schema);
  if (shape === "record" && isRecord(live) && isRecord(applied)) {
    return mergeRecords(live, applied, schema);
  }
  if (shape === "items" && Array.isArray(live) && Array.isArray(applied)) {
    return mergeItems(live, applied, schema);
  }
  if (applied === null && isFilled(live, schema)) return live;
  return deepEqual(live, applied) ? live : applied;
}

/** Null says nothing about the members of a record or list that has some: whoever owns them drops them. */
function isFilled(live: unknown, schema: FieldSchema): boolean {
  const shape = shapeOf(live, schema);
  if (shape === "record") return isRecord(live) && Object.keys(live).length > 0;
  return shape === "items" && Array.isArray(live) && live.length > 0;
}

function mergeItems(live: Items, applied: Items, schema: FieldSchema): Items {
  const { byElement: liveItems, repeated } = indexItems(live, schema);
  const appliedItems = indexItems(applied, schema).byElement;
  const elements = live.map((item) => itemElement(item, schema));
  let at = -1;
  const result = mergeOrder(elements, [...appliedItems.keys()]).map((element) => {
    // Items that share a key stand where they stood, or give way to the one that is applied.
    if (repeated.has(element) && !appliedItems.has(element)) {
      at = elements.indexOf(element, at + 1);
      return live[at];
    }
    const own = repeated.has(element) ? undefined : liveItems.get(element);
    return mergeValues(own, appliedItems.get(element) ?? own, itemSchema(schema));
  });
  const isSame =
    result.length === live.length && result.every((item, index) => item === live[index]);
  return isSame ? live : result;
}

/**
 * Live elements keep their places; applied ones come in their own order. An element of both stands where the applied
 * order puts it, as early as the live order allows.
 */
function mergeOrder(live: readonly string[], applied: readonly string[]): readonly string[] {
  const isLive = new Set(live);
  const isApplied = new Set(applied);
  const shared = applied.filter((element) => isLive.has(element));
  const order: string[] = [];
  const placed = new Set<string>();
  const place = (element: string): void => {
    order.push(element);
    placed.add(element);
    if (shared[0] === element) shared.shift();
  };
  let left = 0;
  let right = 0;
  while (left < live.length || right < applied.length) {
    const own = live[left];
    const wanted = applied[right];
    if (own !== undefined && wanted !== undefined) {
      if (own === wanted) {
        place(own);
        left += 1;
        right += 1;
        continue;
      }
      // Shared, but the applied order wants another one first: it is placed when its turn comes.
      if (isApplied.has(own) && shared[0] !== undefined && shared[0] !== own) {
        left += 1;
        continue;
      }
    }
    if (own !== undefined) {
      if (!isApplied.has(own)) {
        place(own);
        left += 1;
        continue;
      }
      if (placed.has(own)) {
        left += 1;
        continue;
      }
    }
    if (wanted !== undefined) {
      place(wanted);
      right += 1;
    } else {
      left += 1;
    }
  }
  return order;
}
