// One value against one schema: type and enum here, the rest by kind of value, then down into members and items.

import { deepEqual, isRecord } from "../../core/index.ts";
import { EMBEDDED_REQUIRED, memberSchema } from "./member-schema.ts";
import type { FieldSchema } from "./schema.ts";
import {
  badFormat,
  notInEnum,
  requiredField,
  tooLong,
  tooShort,
  unknownField,
  wrongType,
} from "./schema-problem.ts";
import { checkCombinations } from "./validate-combination.ts";
import { checkItems } from "./validate-list.ts";
import { checkNumber, checkString } from "./validate-scalar.ts";
import type { Validation } from "./validation.ts";
import { isQuantity } from "./value-formats.ts";

/** Deeper values are refused rather than followed: no real object comes near, and the stack is finite. */
const DEPTH_MAX = 400;

/** Adds what is wrong with `value` at the current path. */
export function check(validation: Validation, value: unknown, schema: FieldSchema): void {
  if (value === null || value === undefined) return checkNull(validation, schema);
  if (validation.path.length > DEPTH_MAX) {
    validation.problems.push(wrongType([...validation.path], "shallower value", value));
    return;
  }
  if (!checkType(validation, value, schema)) return;
  if (schema.enum !== undefined && !schema.enum.some((allowed) => deepEqual(allowed, value))) {
    validation.problems.push(notInEnum([...validation.path], value, schema.enum));
  }
  if (Array.isArray(value)) checkList(validation, value, schema);
  else if (isRecord(value)) checkRecord(validation, value, schema);
  else if (typeof value === "string") checkString(validation, value, schema);
  else if (typeof value === "number") checkNumber(validation, value, schema);
  checkCombinations(validation, value, schema, check);
}

/** A null item stands for Go's zero value in a built-in kind; in a custom kind it must be allowed. */
function checkNull(validation: Validation, schema: FieldSchema): void {
  const expected = expectedType(schema);
  if (validation.reads === "go" || schema.nullable === true || expected === undefined) return;
  validation.problems.push(wrongType([...validation.path], expected, null));
}

/** False when the value is of another type, so that looking further would only repeat it. */
function checkType(validation: Validation, value: unknown, schema: FieldSchema): boolean {
  if (schema.format === "quantity") return checkQuantity(validation, value);
  const expected = expectedType(schema);
  if (expected === undefined || hasType(value, schema)) return true;
  validation.problems.push(wrongType([...validation.path], expected, value));
  return false;
}

function checkQuantity(validation: Validation, value: unknown): boolean {
  if (isQuantity(value)) return true;
  const path = [...validation.path];
  const isText = typeof value === "string";
  validation.problems.push(
    isText ? badFormat(path, value, "quantity") : wrongType(path, "string,number", value),
  );
  return false;
}

function expectedType({ intOrString, type, embeddedResource }: FieldSchema): string | undefined {
  if (intOrString === true) return "integer,string";
  return type ?? (embeddedResource === true ? "object" : undefined);
}

function hasType(value: unknown, { intOrString, type = "object" }: FieldSchema): boolean {
  if (intOrString === true) return typeof value === "string" || Number.isInteger(value);
  switch (type) {
    case "object":
      return isRecord(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
  }
}

function checkList(validation: Validation, list: readonly unknown[], schema: FieldSchema): void {
  const { minItems = 0, maxItems = Infinity, items } = schema;
  const count = { what: "items", actual: list.length, value: list } as const;
  const path = [...validation.path];
  if (list.length > maxItems)
    validation.problems.push(tooLong(path, { ...count, limit: maxItems }));
  if (list.length < minItems)
    validation.problems.push(tooShort(path, { ...count, limit: minItems }));
  if (items !== undefined) {
    list.forEach((item, index) => {
      validation.path.push(index);
      check(validation, item, items);
      validation.path.pop();
    });
  }
  checkItems(validation, list, schema);
}

export function checkRecord(
  validation: Validation,
  record: Record<string, unknown>,
  schema: FieldSchema,
  elsewhere: ReadonlySet<string> = NOWHERE,
): void {
  checkSize(validation, record, schema);
  for (const [name, value] of Object.entries(record)) checkMember(validation, name, value, schema);
  const required = schema.embeddedResource === true ? EMBEDDED_REQUIRED : [];
  for (const name of [...(schema.required ?? []), ...required]) {
    if (elsewhere.has(name) || !validation.requiredMatters) continue;
    if (isMissing(validation, record, name, schema)) {
      validation.problems.push(requiredField([...validation.path, name]));
    }
  }
}

const NOWHERE: ReadonlySet<string> = new Set();

function checkSize(
  validation: Validation,
  record: Record<string, unknown>,
  { minProperties = 0, maxProperties = Infinity }: FieldSchema,
): void {
  if (minProperties === 0 && maxProperties === Infinity) return;
  const actual = Object.keys(record).length;
  const count = { what: "properties", actual, value: record } as const;
  const path = [...validation.path];
  if (actual > maxProperties)
    validation.problems.push(tooLong(path, { ...count, limit: maxProperties }));
  if (actual < minProperties)
    validation.problems.push(tooShort(path, { ...count, limit: minProperties }));
}

/**
 * A null is no value where null is not allowed. Go, though, writes an empty slice or map without `omitempty` as null, so
 * a required null list of a built-in kind is there.
 */
function isMissing(
  validation: Validation,
  record: Record<string, unknown>,
  name: string,
  schema: FieldSchema,
): boolean {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (value !== undefined && value !== null) return false;
  const member = memberSchema(schema, name);
  if (validation.reads === "structural") {
    return member?.default === undefined && !(value === null && member?.nullable === true);
  }
  const isCollection = member?.type === "array" || member?.additionalProperties !== undefined;
  return !(value === null && isCollection);
}

export function checkMember(
  validation: Validation,
  name: string,
  value: unknown,
  schema: FieldSchema,
): void {
  if (value === undefined) return;
  const member = memberSchema(schema, name);
  validation.path.push(name);
  // A null member is dropped before anything looks at it, unless its schema is nullable.
  if (member !== undefined && value !== null) checkKnown(validation, name, value, schema, member);
  if (member === undefined && refusesUnknown(validation, schema)) {
    const known = Object.keys(schema.properties ?? {});
    validation.problems.push(unknownField([...validation.path], known));
  }
  validation.path.pop();
}

/** The metadata of an embedded object is ObjectMeta, read the way metadata is always read. */
function checkKnown(
  validation: Validation,
  name: string,
  value: unknown,
  schema: FieldSchema,
  member: FieldSchema,
): void {
  const { reads } = validation;
  if (schema.embeddedResource === true && name === "metadata") validation.reads = "go";
  check(validation, value, member);
  validation.reads = reads;
}

function refusesUnknown({ unknownFields }: Validation, schema: FieldSchema): boolean {
  return unknownFields === "refuse" && schema.preserveUnknown !== true;
}
