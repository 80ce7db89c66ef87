// `$setElementOrder` has to name the items of the patch in the patch's order. Mirrors validatePatchWithSetOrderList of
// apimachinery pkg/util/strategicpatch, with its words.

import { isRecord, plainText } from "../../core/index.ts";

type Items = readonly unknown[];

/** Undefined when the two fit; `key` is the merge key of lists of objects. */
export function orderFault(
  patch: unknown,
  order: Items,
  key: string | undefined,
): string | undefined {
  if (!Array.isArray(patch) || patch.length === 0 || order.length === 0) return undefined;
  const items: Items = patch.filter((item) => !(isRecord(item) && item["$patch"] !== undefined));
  const identity = (item: unknown): unknown =>
    key !== undefined && isRecord(item) ? item[key] : item;
  let at = 0;
  for (const named of order) {
    if (at < items.length && identity(items[at]) === identity(named)) at += 1;
  }
  if (at >= items.length) return undefined;
  return `The order in patch list:\n${printGo(patch)}\n doesn't match $setElementOrder list:\n${printGo(order)}\n`;
}

/** As Go's %v. */
function printGo(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printGo).join(" ")}]`;
  if (!isRecord(value)) return value === null ? "<nil>" : plainText(value);
  const keys = Object.keys(value).toSorted();
  return `map[${keys.map((key) => `${key}:${printGo(value[key])}`).join(" ")}]`;
}
