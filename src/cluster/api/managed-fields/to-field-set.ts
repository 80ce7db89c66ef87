// The fields a value sets: every leaf, every item, every entry of a free map, and what is empty or null.
// Mirrors structured-merge-diff typed/tofieldset.go.

import { isRecord } from "../../../core/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { EMPTY_SET, isEmptySet, makeNode } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldSchema, indexItems, isDeclared, itemSchema, shapeOf } from "./typed-value.ts";
import type { Fields, Items } from "./typed-value.ts";

export function toFieldSet(record: Fields, schema: FieldSchema): FieldSet {
  const set: Record<string, FieldSet> = {};
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (value === undefined) continue;
    const node = fieldNode(value, fieldSchema(schema, key), !isDeclared(schema, key));
    if (node !== undefined) set[`f:${key}`] = node;
  }
  return set;
}

function fieldNode(value: unknown, schema: FieldSchema, isEntry: boolean): FieldSet | undefined {
  if (value === null) return EMPTY_SET;
  switch (shapeOf(value, schema)) {
    case "leaf":
      return EMPTY_SET;
    case "record": {
      const fields = isRecord(value) ? toFieldSet(value, schema) : EMPTY_SET;
      const isEmpty = isRecord(value) && Object.keys(value).length === 0;
      return makeNode(isEmpty || isEntry, fields);
    }
    case "items":
      return makeNode(isEntry, itemsToSet(value as Items, schema));
  }
}

function itemsToSet(list: Items, schema: FieldSchema): FieldSet {
  const { byElement, repeated } = indexItems(list, schema);
  const set: Record<string, FieldSet> = {};
  for (const [element, item] of byElement) {
    const children = repeated.has(element) ? EMPTY_SET : itemChildren(item, itemSchema(schema));
    set[element] = makeNode(true, children) ?? EMPTY_SET;
  }
  return isEmptySet(set) ? EMPTY_SET : set;
}

function itemChildren(item: unknown, schema: FieldSchema): FieldSet {
  return isRecord(item) && shapeOf(item, schema) === "record"
    ? toFieldSet(item, schema)
    : EMPTY_SET;
}
