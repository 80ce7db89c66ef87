// Takes the members of a field set out of a value; what loses its last member is null. Mirrors structured-merge-diff typed/remove.go.

import { isRecord, setOwn } from "../../../core/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { below, EMPTY_SET, isEmptySet, isMember, makeNode } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldSchema, isDeclared, itemElement, itemSchema, shapeOf } from "./typed-value.ts";
import type { Fields, Items } from "./typed-value.ts";

export function removeFields(record: Fields, set: FieldSet, schema: FieldSchema): Fields {
  if (isEmptySet(set)) return record;
  const result: Record<string, unknown> = {};
  let isSame = true;
  for (const key of Object.keys(record)) {
    const node = Object.hasOwn(set, `f:${key}`) ? set[`f:${key}`] : undefined;
    const value = record[key];
    if (isMember(node)) {
      isSame = false;
      continue;
    }
    const kept = node === undefined ? value : removeBelow(value, node, fieldSchema(schema, key));
    if (kept !== value) isSame = false;
    setOwn(result, key, kept);
  }
  return isSame ? record : result;
}

function removeBelow(value: unknown, set: FieldSet, schema: FieldSchema): unknown {
  const shape = shapeOf(value, schema);
  if (shape === "record" && isRecord(value)) {
    const kept = removeFields(value, set, schema);
    return Object.keys(kept).length === 0 ? null : kept;
  }
  if (shape === "items" && Array.isArray(value)) {
    const kept = removeItems(value, set, schema);
    return kept.length === 0 ? null : kept;
  }
  return value;
}

function removeItems(list: Items, set: FieldSet, schema: FieldSchema): Items {
  const result: unknown[] = [];
  let isSame = true;
  for (const item of list) {
    const element = itemElement(item, schema);
    const node = Object.hasOwn(set, element) ? set[element] : undefined;
    if (isMember(node)) {
      isSame = false;
      continue;
    }
    const kept = node === undefined ? item : removeBelow(item, node, itemSchema(schema));
    if (kept !== item) isSame = false;
    result.push(kept);
  }
  return isSame ? list : result;
}

/** Also makes every declared field above a member a member, so that emptied structs go with their last field. */
export function withNamedParents(set: FieldSet, schema: FieldSchema): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const element of Object.keys(set)) {
    if (element === ".") continue;
    const node = below(set, element);
    const name = element.startsWith("f:") ? element.slice(2) : undefined;
    const inner = name === undefined ? itemSchema(schema) : fieldSchema(schema, name);
    const isNamed = name !== undefined && isDeclared(schema, name);
    const made = makeNode(isMember(node) || isNamed, withNamedParents(node, inner));
    result[element] = made ?? EMPTY_SET;
  }
  return result;
}
