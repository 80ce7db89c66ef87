// A schema has to say of every value what it is, outside of the conditions it makes. Mirrors apiextensions-apiserver
// pkg/apiserver/schema/{validation,complete,convert}.go (ValidateStructural).

import { deepEqual, isRecord } from "../../../../core/index.ts";
import type { StatusCause } from "../../../../kubernetes/index.ts";
import { patternFault } from "../../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../../field-error.ts";
import { recordAt, recordsAt, textAt } from "../fields.ts";
import { isPlain } from "./plain-schema.ts";
import { printPlace, type SchemaPlace } from "./schema-place.ts";

export type Schema = Readonly<Record<string, unknown>>;
type Level = "root" | "item" | "field";

/** In the order of their texts, as the server sorts them. */
export function structuralCauses(schema: Schema, field: string): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const at = { kind: field };
  checkStructure(causes, schema, "root", at);
  checkCompleteness(causes, schema, schema, at, at);
  if (causes.length < 2) return causes;
  const text = (cause: StatusCause): string => `${cause.field}: ${cause.message}`;
  return causes.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

type See = (part: Schema, place: SchemaPlace) => void;

/** Schemas of what is inside a value. */
function eachPart(schema: Schema, outer: SchemaPlace, see: See): void {
  const { items, additionalProperties, properties } = schema;
  if (isRecord(items)) see(items, { outer, kind: ".items" });
  if (isRecord(properties)) {
    for (const name of Object.keys(properties)) {
      const property = properties[name];
      if (isRecord(property)) see(property, { outer, kind: ".properties", name });
    }
  }
  if (isRecord(additionalProperties)) {
    see(additionalProperties, { outer, kind: ".additionalProperties" });
  }
}

const CLAUSES = ["anyOf", "allOf", "oneOf"];

/** Conditions on the value itself. */
function eachClause(schema: Schema, outer: SchemaPlace, see: See): void {
  for (const list of CLAUSES) {
    if (schema[list] === undefined) continue;
    recordsAt(schema, list).forEach((clause, index) =>
      see(clause, { outer, kind: `.${list}`, name: String(index) }),
    );
  }
  const { not } = schema;
  if (isRecord(not)) see(not, { outer, kind: ".not" });
}

const flag = (schema: Schema, name: string): boolean => schema[`x-kubernetes-${name}`] === true;

function checkStructure(
  causes: StatusCause[],
  schema: Schema,
  level: Level,
  at: SchemaPlace,
): void {
  const { items, additionalProperties } = schema;
  if (schema["type"] === "array" && items === undefined) {
    causes.push(requiredField(printPlace(at, ".items"), "must be specified"));
  }
  eachPart(schema, at, (part, place) => {
    if (isPlain(part)) return;
    checkStructure(causes, part, place.kind === ".items" ? "item" : "field", place);
  });
  if (additionalProperties !== undefined && level === "root") {
    causes.push(
      forbiddenField(printPlace(at, ".additionalProperties"), "must not be used at the root"),
    );
  }
  checkExtensions(causes, schema, at);
  const either = isIntOrString(schema);
  const eitherFirst = isIntOrString(recordsAt(schema, "allOf")[0]);
  checkClauses(causes, schema, at, either, eitherFirst);
  checkPattern(causes, schema, at);
  checkType(causes, schema, level, at);
  checkMetadata(causes, schema, level, at);
}

function checkExtensions(causes: StatusCause[], schema: Schema, at: SchemaPlace): void {
  if (flag(schema, "int-or-string")) {
    for (const name of ["preserve-unknown-fields", "embedded-resource"]) {
      if (!flag(schema, name)) continue;
      const detail = "must be false if x-kubernetes-int-or-string is true";
      causes.push(invalidField(printPlace(at, `.x-kubernetes-${name}`), true, detail));
    }
  }
  if (!flag(schema, "embedded-resource")) return;
  if (schema["additionalProperties"] !== undefined) {
    const detail = "must not be used if x-kubernetes-embedded-resource is set";
    causes.push(forbiddenField(printPlace(at, ".additionalProperties"), detail));
  }
  const isEmpty = Object.keys(recordAt(schema, "properties")).length === 0;
  if (isEmpty && !flag(schema, "preserve-unknown-fields")) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    causes.push(requiredField(printPlace(at, ".properties"), detail));
  }
}

const NO_TYPE: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function checkType(causes: StatusCause[], schema: Schema, level: Level, at: SchemaPlace): void {
  const type = textAt(schema, "type");
  if (flag(schema, "embedded-resource") && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    causes.push(
      type === ""
        ? requiredField(printPlace(at, ".type"), detail)
        : invalidField(printPlace(at, ".type"), type, detail),
    );
  } else if (
    type === "" &&
    !flag(schema, "int-or-string") &&
    !flag(schema, "preserve-unknown-fields")
  ) {
    causes.push(requiredField(printPlace(at, ".type"), NO_TYPE[level]));
  }
  if (level === "root" && type !== "" && type !== "object") {
    causes.push(invalidField(printPlace(at, ".type"), type, "must be object at the root"));
  }
}

/** Of an object's own fields only the names may be restricted. */
function checkMetadata(causes: StatusCause[], schema: Schema, level: Level, at: SchemaPlace): void {
  const properties = recordAt(schema, "properties");
  const isObject = level === "root" || flag(schema, "embedded-resource");
  if (!isObject) return;
  for (const [name, wanted] of [
    ["kind", "string"],
    ["apiVersion", "string"],
    ["metadata", "object"],
  ] as const) {
    const property = properties[name];
    if (!isRecord(property) || property["type"] === wanted) continue;
    const type = textAt(property, "type");
    causes.push(
      invalidField(printPlace(at, `.properties[${name}].type`), type, `must be ${wanted}`),
    );
  }
  const { metadata } = properties;
  if (level !== "root" || !isRecord(metadata) || isOnlyNames(metadata)) return;
  const detail =
    "must not specify anything other than name and generateName, but metadata is implicitly specified";
  causes.push(forbiddenField(printPlace(at, ".properties[metadata]"), detail));
}

function isOnlyNames(metadata: Schema): boolean {
  const { type: _type, default: _default, properties, ...rest } = metadata;
  const names = Object.keys(isRecord(properties) ? properties : {});
  const others = Object.values(rest).filter((value) => value !== "" && value !== false);
  return others.length === 0 && names.every((name) => name === "name" || name === "generateName");
}

/** The one condition that may speak of types. */
function isIntOrString(schema: Schema | undefined): boolean {
  return deepEqual(schema?.["anyOf"], [{ type: "integer" }, { type: "string" }]);
}

function checkClauses(
  causes: StatusCause[],
  schema: Schema,
  at: SchemaPlace,
  skipAnyOf: boolean,
  skipFirstAllOf: boolean,
): void {
  eachClause(schema, at, (clause, place) => {
    if (skipAnyOf && place.kind === ".anyOf") return;
    const isFirst = place.kind === ".allOf" && place.name === "0";
    checkClause(causes, clause, place, skipFirstAllOf && isFirst);
  });
}

function checkPattern(causes: StatusCause[], schema: Schema, at: SchemaPlace): void {
  const pattern = textAt(schema, "pattern");
  const fault = pattern === "" ? undefined : patternFault(pattern);
  if (fault === undefined) return;
  const detail = `must be a valid regular expression, but isn't: ${fault}`;
  causes.push(invalidField(printPlace(at, ".pattern"), pattern, detail));
}

/** What a condition must not say, with what the server calls its absence. */
const FORBIDDEN: readonly (readonly [name: string, absence: string])[] = [
  ["type", "empty"],
  ["additionalProperties", "undefined"],
  ["default", "undefined"],
  ["title", "empty"],
  ["description", "empty"],
  ["nullable", "false"],
  ["x-kubernetes-preserve-unknown-fields", "false"],
  ["x-kubernetes-embedded-resource", "false"],
  ["x-kubernetes-int-or-string", "false"],
  ["x-kubernetes-list-map-keys", "empty"],
  ["x-kubernetes-list-type", "undefined"],
  ["x-kubernetes-map-type", "undefined"],
  ["x-kubernetes-validations", "empty"],
];

function checkClause(
  causes: StatusCause[],
  clause: Schema,
  at: SchemaPlace,
  skipAnyOf: boolean,
): void {
  checkClauses(causes, clause, at, skipAnyOf, false);
  checkPattern(causes, clause, at);
  eachPart(clause, at, (part, place) => {
    if (place.kind !== ".additionalProperties") checkClause(causes, part, place, false);
  });
  for (const [name, absence] of FORBIDDEN) {
    if (isAbsent(clause[name])) continue;
    causes.push(forbiddenField(printPlace(at, `.${name}`), `must be ${absence} to be structural`));
  }
  if (isRecord(recordAt(clause, "properties")["metadata"])) {
    const detail = "must not be specified in a nested context";
    causes.push(forbiddenField(printPlace(at, ".properties[metadata]"), detail));
  }
}

function isAbsent(value: unknown): boolean {
  const isEmpty = Array.isArray(value) && value.length === 0;
  return value === undefined || value === null || value === "" || value === false || isEmpty;
}

/** What the conditions of the root speak of is also said outside of them. */
function checkCompleteness(
  causes: StatusCause[],
  clause: Schema,
  schema: Schema,
  schemaAt: SchemaPlace,
  clauseAt: SchemaPlace,
): void {
  eachClause(clause, clauseAt, (inner, place) =>
    checkCounterpart(causes, inner, schema, schemaAt, place),
  );
}

function checkCounterpart(
  causes: StatusCause[],
  clause: Schema,
  schema: unknown,
  schemaAt: SchemaPlace,
  clauseAt: SchemaPlace,
): void {
  if (!isRecord(schema)) {
    const detail = `because it is defined in ${printPlace(clauseAt)}`;
    causes.push(requiredField(printPlace(schemaAt), detail));
    return;
  }
  checkCompleteness(causes, clause, schema, schemaAt, clauseAt);
  eachPart(clause, clauseAt, (part, place) => {
    if (place.kind === ".additionalProperties") return;
    const { name } = place;
    const own = name === undefined ? schema["items"] : recordAt(schema, "properties")[name];
    checkCounterpart(causes, part, own, { ...place, outer: schemaAt }, place);
  });
}
