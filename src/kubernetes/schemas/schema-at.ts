// Questions that patches and server-side apply ask of a schema: what stands at a path, how a list or map merges.

import type { Path, PathElement } from "../../core/index.ts";
import { memberSchema } from "./member-schema.ts";
import type { FieldSchema, KindFacts } from "./schema.ts";
import { keyFields } from "./validate-list.ts";

/** The schema at a path of an object of this kind; `undefined` below fields the schema does not know. */
export function schemaAt(kind: KindFacts, path: Path): FieldSchema | undefined {
  return schemaBelow(kind.schema, path);
}

/** The schema at a path below a schema. Indexes and item keys both lead to the schema of the items. */
export function schemaBelow(schema: FieldSchema, path: Path): FieldSchema | undefined {
  let found: FieldSchema | undefined = schema;
  for (const element of path) {
    if (found === undefined) return undefined;
    found = childSchema(found, element);
  }
  return found;
}

export function childSchema(schema: FieldSchema, element: PathElement): FieldSchema | undefined {
  return typeof element === "string" ? memberSchema(schema, element) : schema.items;
}

/** How server-side apply owns a list: whole, by value, or item by item under its keys. */
export type ListMerge =
  | { readonly type: "atomic" }
  | { readonly type: "set" }
  | { readonly type: "map"; readonly keys: readonly string[] };

/** A list without a list type, or a keyed one without keys, is atomic. */
export function listMergeOf({ listType, listMapKeys = [] }: FieldSchema): ListMerge {
  if (listType === "set") return { type: "set" };
  return listType === "map" && listMapKeys.length > 0
    ? { type: "map", keys: listMapKeys }
    : { type: "atomic" };
}

/** How server-side apply owns a record; granular unless the schema says otherwise. */
export function mapMergeOf({ mapType }: FieldSchema): "atomic" | "granular" {
  return mapType ?? "granular";
}

/** The key of an item of a keyed list, defaults filled in; `undefined` when the item lacks a key field. */
export function itemKeyOf(
  item: Record<string, unknown>,
  list: FieldSchema,
): Record<string, unknown> | undefined {
  const keys = list.listMapKeys ?? [];
  const fields = keyFields(item, keys, list.items);
  return keys.every((key) => fields[key] !== undefined) ? fields : undefined;
}

/** How a strategic merge patch treats a field: `merge`, `replace`, `retainKeys`; empty when it says nothing. */
export function patchStrategiesOf({ patchStrategy = "" }: FieldSchema): readonly string[] {
  return patchStrategy === "" ? [] : patchStrategy.split(",");
}
