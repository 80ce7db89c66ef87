// The order of a merged list: items of the patch in the patch's order, the others in the live order, interleaved so that
// an item known to both lists keeps its place among the live ones. Mirrors normalizeElementOrder of strategicpatch.

import { isRecord } from "../../core/index.ts";

type Items = readonly unknown[];

export interface ElementOrder {
  /** The items, or just their keys, in the wanted order. */
  readonly patch: Items;
  readonly live: Items;
  /** Merge key; undefined for lists of scalars. */
  readonly key: string | undefined;
}

export function mergeInOrder(merged: Items, { patch, live, key }: ElementOrder): Items {
  const place = (list: Items, item: unknown): number =>
    list.findIndex((other) => identity(other, key) === identity(item, key));
  const byOrder = (list: Items) => (a: unknown, b: unknown) => place(list, a) - place(list, b);
  const patched = merged.filter((item) => place(patch, item) >= 0).toSorted(byOrder(patch));
  const others = merged.filter((item) => place(patch, item) < 0).toSorted(byOrder(live));
  const result: unknown[] = [];
  let left = 0;
  let right = 0;
  while (left < others.length || right < patched.length) {
    const takesOther =
      right >= patched.length ||
      (left < others.length && precedes(place(live, others[left]), place(live, patched[right])));
    result.push(takesOther ? others[left++] : patched[right++]);
  }
  return result;
}

/**
 * What counts as the live order of a keyed list once items have been merged into it: the places of deleted items are
 * taken by new ones, because upstream merges within the live list itself.
 */
export function orderAfterMerge(live: Items, merged: Items, key: string | undefined): Items {
  if (key === undefined) return live;
  const isIn = (list: Items, item: unknown): boolean =>
    list.some((other) => identity(other, key) === identity(item, key));
  const kept = live.filter((item) => isIn(merged, item));
  if (kept.length === live.length) return live;
  const added = merged.filter((item) => !isIn(live, item));
  return [...kept, ...added].slice(0, live.length);
}

function precedes(a: number, b: number): boolean {
  return a >= 0 && b >= 0 && a < b;
}

function identity(item: unknown, key: string | undefined): unknown {
  return key !== undefined && isRecord(item) ? item[key] : item;
}
