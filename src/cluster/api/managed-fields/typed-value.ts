// How server-side apply sees a value under its schema: as a leaf, as a record of fields, or as a list of items by key.
// Mirrors the conversion of OpenAPI to structured-merge-diff's schema, with its deduction for untyped values.

import { canonicalJson, isRecord } from "../../../core/index.ts";
import { childSchema, listMergeOf, mapMergeOf } from "../../../kubernetes/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { keyElement } from "./elements.ts";

export type Fields = Readonly<Record<string, unknown>>;
export type Items = readonly unknown[];
export type ValueShape = "leaf" | "record" | "items";

/** Nothing is known: records are granular, lists atomic. */
export const UNTYPED: FieldSchema = Object.freeze({});

export function shapeOf(value: unknown, schema: FieldSchema): ValueShape {
  if (Array.isArray(value)) return listMergeOf(schema).type === "atomic" ? "leaf" : "items";
  if (isRecord(value)) return isGranular(schema) ? "record" : "leaf";
  return "leaf";
}

/** The shape the schema expects, for a value that is null or absent on one side. */
export function shapeOfSchema(schema: FieldSchema): ValueShape {
  if (schema.items !== undefined) return listMergeOf(schema).type === "atomic" ? "leaf" : "items";
  const isObject = schema.properties !== undefined || schema.additionalProperties !== undefined;
  return isObject && isGranular(schema) ? "record" : "leaf";
}

function isGranular(schema: FieldSchema): boolean {
  return mapMergeOf(schema) === "granular" && schema.format !== "fields-v1";
}

export function fieldSchema(schema: FieldSchema, name: string): FieldSchema {
  const { properties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, name))
    return properties[name] ?? UNTYPED;
  return childSchema(schema, name) ?? UNTYPED;
}

export function itemSchema(schema: FieldSchema): FieldSchema {
  return schema.items ?? UNTYPED;
}

export function isDeclared(schema: FieldSchema, name: string): boolean {
  return schema.properties !== undefined && Object.hasOwn(schema.properties, name);
}

/** `k:{"containerPort":80,"protocol":"TCP"}` or `v:"example.com/hold"`. */
export function itemElement(item: unknown, schema: FieldSchema): string {
  const merge = listMergeOf(schema);
  if (merge.type !== "map" || !isRecord(item)) return `v:${canonicalJson(item)}`;
  const [only] = merge.keys;
  if (merge.keys.length === 1 && only !== undefined) {
    return keyElement(only, keyValue(item, only, schema));
  }
  const pairs = merge.keys.toSorted().map((key) => [key, keyValue(item, key, schema)] as const);
  return `k:${JSON.stringify(Object.fromEntries(pairs))}`;
}

function keyValue(item: Fields, key: string, schema: FieldSchema): unknown {
  return item[key] ?? schema.items?.properties?.[key]?.default;
}

/** The items by element, in order; a repeated element keeps its first item and is listed in `repeated`. */
export function indexItems(
  list: Items,
  schema: FieldSchema,
): { readonly byElement: ReadonlyMap<string, unknown>; readonly repeated: ReadonlySet<string> } {
  const byElement = new Map<string, unknown>();
  const repeated = new Set<string>();
  for (const item of list) {
    const element = itemElement(item, schema);
    if (byElement.has(element)) repeated.add(element);
    else byElement.set(element, item);
  }
  return { byElement, repeated };
}
