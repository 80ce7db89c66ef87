// The order in which people expect the fields of a Kubernetes object.

/** Orders a record's keys, given the path to the record; list items count as `[]`. */
export type KeyOrder = (keys: readonly string[], path: readonly string[]) => readonly string[];

const TOP = [
  "apiVersion",
  "kind",
  "metadata",
  "type",
  "immutable",
  "spec",
  "rules",
  "roleRef",
  "subjects",
  "data",
  "stringData",
  "binaryData",
];
const METADATA = [
  "name",
  "generateName",
  "namespace",
  "labels",
  "annotations",
  "finalizers",
  "ownerReferences",
];
const NAMED = ["name"];

/** Maps whose keys are the user's: no order means anything, so they are sorted. */
const FREE_MAPS: ReadonlySet<string> = new Set([
  "annotations",
  "binaryData",
  "commonAnnotations",
  "commonLabels",
  "data",
  "labels",
  "matchLabels",
  "nodeSelector",
  "stringData",
]);

/** Identity first, then the given order, `status` last; free maps sorted. */
export const manifestOrder: KeyOrder = (keys, path) => {
  const parent = path.at(-1);
  if (parent === undefined) return orderKeys(keys, TOP, ["status"]);
  if (FREE_MAPS.has(parent)) return keys.length < 2 ? keys : keys.toSorted();
  if (parent === "metadata") return orderKeys(keys, METADATA);
  return parent === "[]" ? orderKeys(keys, NAMED) : keys;
};

/** `first` in its order, then the others as they stand, then `last`. */
export function orderKeys(
  keys: readonly string[],
  first: readonly string[],
  last: readonly string[] = [],
): readonly string[] {
  const known = first.filter((key) => keys.includes(key));
  const end = last.filter((key) => keys.includes(key));
  if (known.length === 0 && end.length === 0) return keys;
  const rest = keys.filter((key) => !first.includes(key) && !last.includes(key));
  return [...known, ...rest, ...end];
}
