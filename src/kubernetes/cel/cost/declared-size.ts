// What a schema says of the size of a value. Mirrors apiserver pkg/cel/common/schemas.go (SchemaDeclType), pkg/cel/limits.go and
// apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go (sizeEstimator, maxCardinality).

import type { FieldSchema } from "../../schemas/schema.ts";
import { childSchema, propertySchema, schemaType, valueSchema } from "../check/schema-type.ts";
import { type FieldPath, namesOf } from "./field-path.ts";
import type { SizeRange } from "./size-range.ts";

/** apiserver pkg/apis/cel/config.go MaxRequestSizeBytes. */
const REQUEST_BYTES = 3 * 1024 * 1024;
/** Without the quotes or brackets around it. */
const CONTENT_BYTES = REQUEST_BYTES - 2;

/** Length as JSON of the longest value. */
const LONGEST: Readonly<Record<string, number>> = { duration: 32, date: 12, "date-time": 32 };
const SHORTEST_TEXT: Readonly<Record<string, number>> = { duration: 3, date: 12, "date-time": 21 };
const SHORTEST: Readonly<Record<string, number>> = {
  array: 2,
  boolean: 4,
  number: 1,
  integer: 1,
};

const utf8 = new TextEncoder();

/** Keys of maps have no limit of their own, which counts as none at all. */
const KEY: FieldSchema = { type: "string", maxLength: 0 };

/** Undefined where the schema ends before the path does. The first name is that of the variable whose schema `root` is. */
export function declaredSize(
  root: FieldSchema,
  path: FieldPath | undefined,
): SizeRange | undefined {
  if (path === undefined) return undefined;
  let schema: FieldSchema | undefined = root;
  for (const name of namesOf(path).slice(1)) {
    schema = partOf(schema, name);
    if (schema === undefined) return undefined;
  }
  return { min: 0, max: maxElements(schema) };
}

function partOf(schema: FieldSchema, name: string): FieldSchema | undefined {
  const { items, values } = contentOf(schema);
  if (name === "@items" || name === "@values") return items ?? values;
  if (name === "@keys") return values && KEY;
  if (schema.intOrString === true || schema.type !== "object" || values !== undefined) {
    return undefined;
  }
  const property = propertySchema(schema, name);
  if (property === undefined || schemaType(property) === undefined) return undefined;
  return childSchema(property);
}

/** What a list or a map is made of. */
function contentOf(schema: FieldSchema): {
  readonly items?: FieldSchema | undefined;
  readonly values?: FieldSchema | undefined;
} {
  if (schema.intOrString === true) return {};
  if (schema.type === "array") return { items: schema.items && childSchema(schema.items) };
  const values = schema.type === "object" ? valueSchema(schema) : undefined;
  return { values: values && childSchema(values) };
}

function maxElements(schema: FieldSchema): number {
  const { maxItems, maxProperties, type } = schema;
  if (schema.intOrString === true || type === "string") return maxLength(schema);
  const { items, values } = contentOf(schema);
  // A comma between the items; for an entry also a key of two characters or its quotes, and a colon.
  if (items !== undefined) return limit(maxItems) ?? fit(minBytes(items) + 1);
  if (values !== undefined) return limit(maxProperties) ?? fit(minBytes(values) + 6);
  return 0;
}

function fit(bytes: number): number {
  return Math.floor(CONTENT_BYTES / bytes);
}

function limit(given: number | undefined): number | undefined {
  return given === undefined ? undefined : Math.max(0, given);
}

function maxLength({
  intOrString,
  format = "",
  maxLength,
  enum: values = [],
}: FieldSchema): number {
  const given = limit(maxLength);
  const isText = intOrString !== true;
  if (isText && format === "byte") return given ?? CONTENT_BYTES;
  const longest = isText ? LONGEST[format] : undefined;
  if (longest !== undefined) return longest;
  // A character is up to four bytes.
  if (given !== undefined) return given * 4;
  return isText && values.length > 0 ? Math.max(...values.map(bytesOf)) : CONTENT_BYTES;
}

function bytesOf(value: unknown): number {
  return typeof value === "string" ? utf8.encode(value).length : 0;
}

const known = new WeakMap<FieldSchema, number>();

/** The bytes of the shortest value, as JSON. */
function minBytes(schema: FieldSchema): number {
  let bytes = known.get(schema);
  if (bytes === undefined) {
    bytes = measure(schema);
    known.set(schema, bytes);
  }
  return bytes;
}

function measure(schema: FieldSchema): number {
  const { intOrString, type = "", format = "", required = [], properties = {} } = schema;
  if (intOrString === true) return 1;
  if (type === "string") return SHORTEST_TEXT[format] ?? 2;
  if (type !== "object") return SHORTEST[type] ?? 0;
  if (valueSchema(schema) !== undefined) return 2;
  let bytes = 2;
  for (const name of new Set(required)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined || schemaType(property) === undefined) continue;
    // The server fills in what has a default. Quotes, a colon and a comma go with the name.
    if ((property.default ?? null) !== null) continue;
    bytes += utf8.encode(name).length + minBytes(childSchema(property)) + 4;
  }
  return bytes;
}

/** How many values of this schema one object can hold at the most, wherever they are. */
export function maxCardinality(schema: FieldSchema): number {
  return Math.floor(REQUEST_BYTES / (minBytes(schema) + 1));
}
