// Keyed lists in kustomize's strategic merge (kyaml/yaml/walk/associative_sequence.go of v5.5.0). New items of a patch come
// first. With several keys (ports), an item that lacks one is found by the other only where that is unambiguous; the odd
// results of the rest are kustomize's, and kept.

import { isRecord } from "../core/index.ts";

export interface Lists {
  readonly target: unknown[];
  readonly patch: unknown[];
}

type MergeItem = (target: unknown, patch: unknown) => unknown;
/** The texts of an item's keys, empty where it has none. */
type Row = readonly string[];

/** Values of a patch first, each once. */
export function mergeScalarList({ target, patch }: Lists): unknown[] {
  return [...new Set([...patch, ...target])];
}

/** `undefined` when an item has none of the keys. */
export function mergeKeyedList(
  { target, patch }: Lists,
  allKeys: readonly string[],
  mergeItem: MergeItem,
): unknown[] | undefined {
  const all = rowsOf([...patch, ...target], allKeys);
  if (all === undefined) return undefined;
  const keys = allKeys.filter((_, at) => all.some((row) => row[at] !== ""));
  let rest: readonly unknown[] = target;
  let merged: readonly unknown[] = [];
  for (const row of all.map((texts) => texts.filter((_, at) => keys.includes(allKeys[at] ?? "")))) {
    const item = mergeItem(find(rest, keys, row), find(patch, keys, row));
    const gone = !isRecord(item) || Object.keys(item).length === 0;
    if (gone) rest = without(rest, keys, row);
    else merged = put(merged, keys, row, item);
  }
  // An item of the target stands for what was merged into it, because it is the same item.
  for (const item of rest) merged = putBack(merged, keys, item);
  return [...merged];
}

function rowsOf(items: readonly unknown[], keys: readonly string[]): Row[] | undefined {
  const rows = new Map<string, Row>();
  for (const item of items) {
    const row = keys.map((key) => textOf(item, key));
    if (row.every((text) => text === "")) return undefined;
    rows.set(JSON.stringify(row), row);
  }
  return keys.length > 1 ? completeRows([...rows.values()]) : [...rows.values()];
}

function textOf(item: unknown, key: string): string {
  const value = isRecord(item) ? item[key] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Two rows that differ only where one is empty are one. */
function completeRows(rows: Row[]): Row[] {
  for (const [at, one] of rows.entries()) {
    for (const [other, row] of rows.entries()) {
      const both = joinRows(one, row);
      if (both === undefined) continue;
      rows[at] = both;
      rows[other] = both;
    }
  }
  return rows;
}

function joinRows(a: Row, b: Row): Row | undefined {
  const clash = a.some((text, at) => text !== b[at] && text !== "" && b[at] !== "");
  const shared = a.some((text, at) => text === b[at]);
  return clash || !shared ? undefined : a.map((text, at) => text || (b[at] ?? ""));
}

/** The first item that has what the row has; what the row lacks does not matter. */
function find(list: readonly unknown[], keys: readonly string[], row: Row): unknown {
  return list.find((item) =>
    keys.every((key, at) => row[at] === "" || textOf(item, key) === row[at]),
  );
}

/** An empty text matches any value; a key beyond the row's end matches too. */
function matches(item: unknown, keys: readonly string[], row: Row): boolean {
  return row.every((text, at) => {
    const own = textOf(item, keys[at] ?? "");
    return text === "" ? own !== "" : own === text;
  });
}

function without(list: readonly unknown[], keys: readonly string[], row: Row): unknown[] {
  return list.filter((item) => !matches(item, keys, row));
}

/** Replaces every match, or appends. */
function put(
  list: readonly unknown[],
  keys: readonly string[],
  row: Row,
  item: unknown,
): unknown[] {
  const found = list.some((other) => matches(other, keys, row));
  if (!found) return [...list, item];
  return list.map((other) => (matches(other, keys, row) ? item : other));
}

/** With several keys, an item goes to the end. */
function putBack(list: readonly unknown[], keys: readonly string[], item: unknown): unknown[] {
  const row = keys.map((key) => textOf(item, key)).filter((text) => text !== "");
  const others = keys.length > 1 ? without(list, keys, row) : list;
  return put(others, keys, row, item);
}
