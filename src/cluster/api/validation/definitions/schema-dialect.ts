// What the dialect of a definition's schema has no place for, and what the extensions of Kubernetes ask for. Mirrors apiextensions-apiserver
// pkg/apis/apiextensions/validation (ValidateCustomResourceDefinitionOpenAPISchema without its rules).

import { isRecord } from "../../../../core/index.ts";
import type { StatusCause } from "../../../../kubernetes/index.ts";
import {
  forbiddenField,
  invalidField,
  requiredField,
  unsupportedField,
} from "../../field-error.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";
import { isPlain } from "./plain-schema.ts";
import { printPlace, type SchemaPlace } from "./schema-place.ts";
import type { Schema } from "./structural-schema.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const META_FIELDS = ["metadata", "kind", "apiVersion"];

interface Place {
  readonly at: SchemaPlace;
  readonly isRoot?: boolean;
  /** Inside the metadata of an object. */
  readonly inMeta?: boolean | undefined;
  /** Why there must be no default; undefined where there may. */
  readonly noDefault?: string | undefined;
}

export interface DialectOutcome {
  readonly causes: readonly StatusCause[];
  /** False when there is something in it that has no structure at all. */
  readonly isConvertible: boolean;
  readonly hasDefaults: boolean;
}

interface Visit {
  readonly causes: StatusCause[];
  isConvertible: boolean;
  hasDefaults: boolean;
}

export function checkDialect(root: Schema, field: string): DialectOutcome {
  const outcome: Visit = { causes: [], isConvertible: true, hasDefaults: false };
  visit(outcome, root, { at: { kind: field }, isRoot: true });
  return outcome;
}

const CLAUSES = ["allOf", "oneOf", "anyOf"];

function visit(outcome: Visit, schema: Schema, place: Place): void {
  const { at } = place;
  const { causes } = outcome;
  checkSupport(outcome, schema, place);
  checkObject(outcome, schema, place);
  const { not, items } = schema;
  if (isRecord(not)) visitInside(outcome, not, place, { outer: at, kind: ".not" });
  for (const list of CLAUSES) {
    if (schema[list] === undefined) continue;
    recordsAt(schema, list).forEach((clause, index) =>
      visitInside(outcome, clause, place, { outer: at, kind: `.${list}`, name: String(index) }),
    );
  }
  if (isRecord(items) && !isPlain(items))
    visitInside(outcome, items, place, { outer: at, kind: ".items" });
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    outcome.isConvertible = false;
    const field = printPlace(at, ".x-kubernetes-preserve-unknown-fields");
    causes.push(invalidField(field, false, "must be true or undefined"));
  }
  checkMapType(causes, schema, at);
  checkListType(causes, schema, at);
}

function visitInside(outcome: Visit, schema: Schema, place: Place, at: SchemaPlace): void {
  visit(outcome, schema, { inMeta: place.inMeta, noDefault: place.noDefault, at });
}

const UNSUPPORTED = [
  "id",
  "additionalItems",
  "patternProperties",
  "definitions",
  "dependencies",
  "$ref",
];

function checkSupport(outcome: Visit, schema: Schema, { at, noDefault, inMeta }: Place): void {
  const { causes } = outcome;
  const type = textAt(schema, "type");
  if (type !== "" && !TYPES.includes(type)) {
    causes.push(unsupportedField(printPlace(at, ".type"), type, TYPES));
  }
  const hasDefault = schema["default"] !== undefined;
  outcome.hasDefaults ||= hasDefault;
  if (hasDefault && noDefault !== undefined) {
    causes.push(forbiddenField(printPlace(at, ".default"), `must not be set ${noDefault}`));
  }
  for (const name of UNSUPPORTED) {
    if (schema[name] === undefined) continue;
    outcome.isConvertible = false;
    causes.push(forbiddenField(printPlace(at, `.${name}`), `${name} is not supported`));
  }
  if (type === "null") {
    const detail = "type cannot be set to null, use nullable as an alternative";
    causes.push(forbiddenField(printPlace(at, ".type"), detail));
  }
  if (Array.isArray(schema["items"])) {
    outcome.isConvertible = false;
    causes.push(
      forbiddenField(printPlace(at, ".items"), "items must be a schema object and not an array"),
    );
  }
  if (inMeta === true && schema["x-kubernetes-embedded-resource"] === true) {
    const detail = "must not be used inside of resource meta";
    causes.push(forbiddenField(printPlace(at, ".x-kubernetes-embedded-resource"), detail));
  }
  if (schema["uniqueItems"] === true) {
    const detail =
      "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    causes.push(forbiddenField(printPlace(at, ".uniqueItems"), detail));
  }
}

function checkObject(outcome: Visit, schema: Schema, place: Place): void {
  const { at, isRoot, inMeta } = place;
  const { causes } = outcome;
  const { additionalProperties } = schema;
  const properties = recordAt(schema, "properties");
  const isEmpty = Object.keys(properties).length === 0;
  if (!isEmpty && (isRecord(additionalProperties) || additionalProperties === false)) {
    const detail = "additionalProperties and properties are mutual exclusive";
    causes.push(forbiddenField(printPlace(at, ".additionalProperties"), detail));
  }
  if (isRecord(additionalProperties)) {
    const noDefault =
      inMeta === true ? "inside additionalProperties applying to object metadata" : place.noDefault;
    const inner = { outer: at, kind: ".additionalProperties" };
    visit(outcome, additionalProperties, { inMeta, noDefault, at: inner });
  }
  const isObject = isRoot === true || schema["x-kubernetes-embedded-resource"] === true;
  for (const [name, property] of Object.entries(properties)) {
    if (!isRecord(property) || isPlain(property)) continue;
    const isMeta = isObject && META_FIELDS.includes(name);
    visit(outcome, property, {
      at: { outer: at, kind: ".properties", name },
      inMeta: isMeta || inMeta === true,
      noDefault: isMeta && isRoot === true ? `in top-level ${name}` : place.noDefault,
    });
  }
}

function checkMapType(causes: StatusCause[], schema: Schema, at: SchemaPlace): void {
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType === undefined) return;
  const type = textAt(schema, "type");
  const detail = "must be object if x-kubernetes-map-type is specified";
  if (type === "") causes.push(requiredField(printPlace(at, ".type"), detail));
  else if (type !== "object") causes.push(invalidField(printPlace(at, ".type"), type, detail));
  if (mapType === "atomic" || mapType === "granular") return;
  causes.push(
    unsupportedField(printPlace(at, ".x-kubernetes-map-type"), mapType, ["atomic", "granular"]),
  );
}

const LIST_TYPES = ["atomic", "set", "map"];

function checkListType(causes: StatusCause[], schema: Schema, at: SchemaPlace): void {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === undefined && schema["x-kubernetes-list-map-keys"] === undefined) return;
  const type = textAt(schema, "type");
  if (listType !== undefined && type !== "array") {
    const detail = "must be array if x-kubernetes-list-type is specified";
    causes.push(
      type === ""
        ? requiredField(printPlace(at, ".type"), detail)
        : invalidField(printPlace(at, ".type"), type, detail),
    );
  } else if (listType === "set") {
    checkSetItems(causes, recordAt(schema, "items"), at);
  }
  if (listType !== undefined && !LIST_TYPES.some((known) => known === listType)) {
    causes.push(unsupportedField(printPlace(at, ".x-kubernetes-list-type"), listType, LIST_TYPES));
  }
  const keys = keysOf(schema);
  if (keys.length > 0 && listType !== "map") {
    const field = printPlace(at, ".x-kubernetes-list-type");
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    causes.push(
      listType === undefined ? requiredField(field, detail) : invalidField(field, listType, detail),
    );
  }
  if (listType === "map") checkMapItems(causes, schema, keys, at);
  const isKeyed = listType === "map" || listType === "set";
  if (isKeyed && recordAt(schema, "items")["nullable"] === true) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
    causes.push(forbiddenField(printPlace(at, ".items.nullable"), detail));
  }
  if (listType === "map") checkKeys(causes, recordAt(schema, "items"), keys, at);
}

function keysOf(schema: Schema): readonly string[] {
  const keys = schema["x-kubernetes-list-map-keys"];
  return Array.isArray(keys) ? keys.map(String) : [];
}

function checkSetItems(causes: StatusCause[], items: Schema, at: SchemaPlace): void {
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items["x-kubernetes-list-type"] ?? null;
  if (items["type"] === "array" && listType !== null && listType !== "atomic") {
    causes.push(invalidField(printPlace(at, ".items.x-kubernetes-list-type"), listType, detail));
  }
  if (items["type"] === "object" && items["x-kubernetes-map-type"] !== "atomic") {
    causes.push(invalidField(printPlace(at, ".items.x-kubernetes-map-type"), listType, detail));
  }
}

function checkMapItems(
  causes: StatusCause[],
  schema: Schema,
  keys: readonly string[],
  at: SchemaPlace,
): void {
  const { items } = schema;
  const keysField = printPlace(at, ".x-kubernetes-list-map-keys");
  if (keys.length === 0) {
    const detail = "must not be empty if x-kubernetes-list-type is map";
    causes.push(requiredField(keysField, detail));
  }
  if (items === undefined) {
    const detail = "must have a schema if x-kubernetes-list-type is map";
    causes.push(requiredField(printPlace(at, ".items"), detail));
  }
  if (!isRecord(items)) return;
  const type = textAt(items, "type");
  if (type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    causes.push(invalidField(printPlace(at, ".items.type"), type, detail));
    return;
  }
  const seen = new Set<string>();
  for (const key of keys) {
    const property = recordAt(items, "properties")[key];
    if (!isRecord(property)) {
      causes.push(invalidField(keysField, keys, "entries must all be names of item properties"));
    } else if (property["type"] === "array" || property["type"] === "object") {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      causes.push(invalidField(printPlace(at, `.items.properties[${key}].type`), type, detail));
    }
    if (seen.has(key)) {
      causes.push(invalidField(keysField, keys, "must not contain duplicate entries"));
    }
    seen.add(key);
  }
}

/** Every item has all of its keys. */
function checkKeys(
  causes: StatusCause[],
  items: Schema,
  keys: readonly string[],
  at: SchemaPlace,
): void {
  const required = Array.isArray(items["required"]) ? items["required"] : [];
  for (const key of keys) {
    const property = recordAt(items, "properties")[key];
    if (!isRecord(property)) continue;
    const field = printPlace(at, `.items.properties[${key}]`);
    const what = "this property is in x-kubernetes-list-map-keys, so it";
    if (!required.includes(key) && property["default"] === undefined) {
      causes.push(
        requiredField(`${field}.default`, `${what} must have a default or be a required property`),
      );
    }
    if (property["nullable"] === true) {
      causes.push(forbiddenField(`${field}.nullable`, `${what} cannot be nullable`));
    }
  }
}
