// An apply body must fit the schema before it can be merged: declared fields only, items with their keys, no key twice.
// The words are structured-merge-diff's.

import { isRecord } from "../../../core/index.ts";
import { childSchema, listMergeOf } from "../../../kubernetes/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import { formatFieldPath } from "./field-set.ts";
import { itemElement, shapeOf } from "./typed-value.ts";
import type { Fields, Items } from "./typed-value.ts";

/** One sentence per fault, each starting with its path; empty when the body fits. */
export function appliedFaults(body: Fields, schema: FieldSchema): readonly string[] {
  const faults: string[] = [];
  checkRecord(body, schema, "", faults);
  return faults;
}

function checkRecord(record: Fields, schema: FieldSchema, path: string, faults: string[]): void {
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined) continue;
    const at = `${path}.${key}`;
    const child = childSchema(schema, key);
    if (child === undefined) {
      if (isClosed(schema)) faults.push(`${at}: field not declared in schema`);
    } else {
      checkValue(value, child, at, faults);
    }
  }
}

function isClosed(schema: FieldSchema): boolean {
  return schema.properties !== undefined && schema.preserveUnknown !== true;
}

function checkValue(value: unknown, schema: FieldSchema, path: string, faults: string[]): void {
  if (value === null) return;
  const expected = expectedType(value, schema);
  if (expected !== undefined) {
    faults.push(`${path}: expected ${expected}, got ${JSON.stringify(value)}`);
  } else if (isRecord(value)) {
    checkRecord(value, schema, path, faults);
  } else if (Array.isArray(value)) {
    checkItems(value, schema, path, faults);
  }
}

function expectedType(value: unknown, schema: FieldSchema): string | undefined {
  if (
    schema.intOrString === true ||
    schema.format === "quantity" ||
    schema.format === "int-or-string"
  ) {
    return isRecord(value) || Array.isArray(value) ? "scalar" : undefined;
  }
  switch (schema.type) {
    case "object":
      return isRecord(value) ? undefined : "map";
    case "array":
      return Array.isArray(value) ? undefined : "list";
    case "string":
      return typeof value === "string" ? undefined : "string";
    case "boolean":
      return typeof value === "boolean" ? undefined : "boolean";
    case "integer":
    case "number":
      return typeof value === "number" ? undefined : "numeric (int or float)";
    case undefined:
      return undefined;
  }
}

function checkItems(list: Items, schema: FieldSchema, path: string, faults: string[]): void {
  const isKeyed = shapeOf(list, schema) === "items";
  const seen = new Set<string>();
  list.forEach((item, index) => {
    if (isKeyed && listMergeOf(schema).type === "map" && isRecord(item) && !hasKey(item, schema)) {
      faults.push(`${path}: ${missingKeys(schema)}`);
      return;
    }
    const element = isKeyed ? formatFieldPath([itemElement(item, schema)]) : `[${index}]`;
    if (isKeyed && seen.has(element)) faults.push(`${path}: duplicate entries for key ${element}`);
    seen.add(element);
    checkValue(item, schema.items ?? {}, `${path}${element}`, faults);
  });
}

/** One key field is enough: items that set more of them are other items. */
function hasKey(item: Fields, { listMapKeys = [], items }: FieldSchema): boolean {
  return listMapKeys.some((key) => (item[key] ?? items?.properties?.[key]?.default) !== undefined);
}

function missingKeys({ listMapKeys = [] }: FieldSchema): string {
  const keys = listMapKeys.map((key) => JSON.stringify(key)).join(" ");
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}
