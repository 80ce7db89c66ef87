// The schema dialect of CustomResourceDefinitions (`openAPIV3Schema`) ↔ FieldSchema. Titles and examples are left
// behind; anything of an unexpected shape is ignored, because a live object may hold any JSON.

import { isRecord, setOwn } from "../../core/index.ts";
import type { FieldSchema, ValidationRule } from "./schema.ts";

/** FieldSchema member → the name CRDs use, for members whose value is copied. */
const NAMES = {
  description: "description",
  type: "type",
  format: "format",
  required: "required",
  enum: "enum",
  default: "default",
  nullable: "nullable",
  intOrString: "x-kubernetes-int-or-string",
  preserveUnknown: "x-kubernetes-preserve-unknown-fields",
  embeddedResource: "x-kubernetes-embedded-resource",
  listType: "x-kubernetes-list-type",
  listMapKeys: "x-kubernetes-list-map-keys",
  mapType: "x-kubernetes-map-type",
  patchStrategy: "x-kubernetes-patch-strategy",
  patchMergeKey: "x-kubernetes-patch-merge-key",
  minimum: "minimum",
  maximum: "maximum",
  exclusiveMinimum: "exclusiveMinimum",
  exclusiveMaximum: "exclusiveMaximum",
  multipleOf: "multipleOf",
  minLength: "minLength",
  maxLength: "maxLength",
  minItems: "minItems",
  maxItems: "maxItems",
  uniqueItems: "uniqueItems",
  minProperties: "minProperties",
  maxProperties: "maxProperties",
  pattern: "pattern",
  validations: "x-kubernetes-validations",
} as const;

type Guard = (value: unknown) => boolean;
const TYPES = ["object", "array", "string", "integer", "number", "boolean"];
const isText: Guard = (value) => typeof value === "string";
const isNumber: Guard = (value) => typeof value === "number";
const isFlag: Guard = (value) => value === true;
const isTextList: Guard = (value) => Array.isArray(value) && value.every(isText);

const GUARDS: Readonly<Record<keyof typeof NAMES, Guard>> = {
  description: isText,
  type: (value) => TYPES.some((type) => type === value),
  format: isText,
  required: isTextList,
  enum: Array.isArray,
  default: (value) => value !== undefined,
  nullable: isFlag,
  intOrString: isFlag,
  preserveUnknown: isFlag,
  embeddedResource: isFlag,
  listType: (value) => value === "atomic" || value === "set" || value === "map",
  listMapKeys: isTextList,
  mapType: (value) => value === "atomic" || value === "granular",
  patchStrategy: isText,
  patchMergeKey: isText,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isFlag,
  exclusiveMaximum: isFlag,
  multipleOf: isNumber,
  minLength: isNumber,
  maxLength: isNumber,
  minItems: isNumber,
  maxItems: isNumber,
  uniqueItems: isFlag,
  minProperties: isNumber,
  maxProperties: isNumber,
  pattern: isText,
  validations: Array.isArray,
};

/** The inverse of NAMES; a node has few of them, and there are many nodes. */
const MEMBERS = new Map(
  // Object.entries widens the key; it is one of NAMES' own keys.
  Object.entries(NAMES).map(([member, name]) => [name as string, member as keyof typeof NAMES]),
);

/** Deeper schemas restrict nothing: none in use comes near, and reading has to end. */
const DEPTH_MAX = 200;

/** Reads an `openAPIV3Schema` node; anything but a record is the empty schema. */
export function fieldSchemaOf(openApi: unknown, depth = 0): FieldSchema {
  if (!isRecord(openApi) || depth > DEPTH_MAX) return {};
  const schema: Record<string, unknown> = {};
  for (const name of Object.keys(openApi)) {
    const member = MEMBERS.get(name);
    if (member !== undefined && GUARDS[member](openApi[name])) schema[member] = openApi[name];
  }
  if (schema["validations"] !== undefined) schema["validations"] = rulesOf(schema["validations"]);
  return { ...schema, ...childrenOf(openApi, (child) => fieldSchemaOf(child, depth + 1)) };
}

function childrenOf(
  openApi: Record<string, unknown>,
  read: (child: unknown) => FieldSchema,
): FieldSchema {
  const children: Record<string, unknown> = {};
  const { items, additionalProperties, not, properties } = openApi;
  if (isRecord(items)) children["items"] = read(items);
  if (isRecord(additionalProperties) || additionalProperties === true) {
    children["additionalProperties"] = read(additionalProperties);
  }
  if (isRecord(not)) children["not"] = read(not);
  for (const member of ["anyOf", "oneOf", "allOf"]) {
    const list = openApi[member];
    if (Array.isArray(list)) children[member] = list.map((child) => read(child));
  }
  if (isRecord(properties)) children["properties"] = mapSchemas(properties, read);
  return children;
}

function rulesOf(rules: unknown): ValidationRule[] {
  if (!Array.isArray(rules)) return [];
  return rules.filter(isRecord).map((rule) => {
    const read: Record<string, unknown> = { rule: isText(rule["rule"]) ? rule["rule"] : "" };
    for (const key of ["message", "messageExpression", "reason", "fieldPath"]) {
      if (isText(rule[key])) read[key] = rule[key];
    }
    if (rule["optionalOldSelf"] === true) read["optionalOldSelf"] = true;
    // Built from exactly the members of ValidationRule, each checked above.
    return read as unknown as ValidationRule;
  });
}

const written = new WeakMap<FieldSchema, Record<string, unknown>>();

/**
 * Writes a schema in the dialect of CustomResourceDefinitions. A shared sub-schema becomes one shared record, which must
 * not be changed; the schema must not be cyclic.
 */
export function openApiOf(schema: FieldSchema): Readonly<Record<string, unknown>> {
  const known = written.get(schema);
  if (known) return known;
  const openApi = writeSchema(schema);
  written.set(schema, openApi);
  return openApi;
}

function writeSchema(schema: FieldSchema): Record<string, unknown> {
  const openApi: Record<string, unknown> = {};
  for (const [member, name] of Object.entries(NAMES)) {
    const value = schema[member as keyof typeof NAMES];
    if (value !== undefined) openApi[name] = value;
  }
  for (const member of ["items", "additionalProperties", "not"] as const) {
    const child = schema[member];
    if (child !== undefined) openApi[member] = openApiOf(child);
  }
  for (const member of ["anyOf", "oneOf", "allOf"] as const) {
    const list = schema[member];
    if (list !== undefined) openApi[member] = list.map(openApiOf);
  }
  if (schema.properties !== undefined) {
    openApi["properties"] = mapSchemas(schema.properties, openApiOf);
  }
  return openApi;
}

function mapSchemas<A, B>(
  record: Readonly<Record<string, A>>,
  convert: (value: A) => B,
): Record<string, B> {
  const mapped: Record<string, B> = {};
  for (const [name, value] of Object.entries(record)) setOwn(mapped, name, convert(value));
  return mapped;
}
