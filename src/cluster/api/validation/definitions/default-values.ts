// The defaults of a schema have to be what the schema allows, without fields it does not know. Mirrors apiextensions-apiserver
// pkg/apiserver/schema/defaulting/validation.go; rules are not evaluated, and defaults inside an object's own metadata not looked at.

import { deepEqual } from "../../../../core/index.ts";
import {
  type FieldSchema,
  fieldSchemaOf,
  pruneValue,
  type StatusCause,
  validateValue,
} from "../../../../kubernetes/index.ts";
import { invalidField } from "../../field-error.ts";
import type { Schema } from "./structural-schema.ts";

export function defaultCauses(schema: Schema, field: string): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  visit(causes, fieldSchemaOf(schema), field, true);
  return causes;
}

const META_FIELDS = ["metadata", "kind", "apiVersion"];

function visit(causes: StatusCause[], schema: FieldSchema, at: string, isRoot: boolean): void {
  if ((schema.default ?? null) !== null) checkDefault(causes, schema, `${at}.default`);
  if (schema.items !== undefined) visit(causes, schema.items, `${at}.items`, false);
  const isObject = isRoot || schema.embeddedResource === true;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (isObject && META_FIELDS.includes(name)) continue;
    visit(causes, property, `${at}.properties[${name}]`, false);
  }
}

function checkDefault(causes: StatusCause[], schema: FieldSchema, at: string): void {
  const { default: value } = schema;
  if (!deepEqual(pruneValue(value, schema), value)) {
    causes.push(invalidField(at, value, "must not have unknown fields"));
  }
  for (const { severity, kind, cause } of validateValue(value, schema)) {
    if (severity !== "error" || kind === "unknown-field") continue;
    const inside = cause.field === undefined || cause.field === "" ? "" : `.${cause.field}`;
    causes.push({ ...cause, field: `${at}${inside}` });
  }
}
