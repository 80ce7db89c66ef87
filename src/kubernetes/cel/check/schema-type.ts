// The type of a value that a schema describes (apiserver pkg/cel/common/schemas.go SchemaDeclType). What has no schema has no type, and
// no expression can name it.

import type { FieldSchema } from "../../schemas/schema.ts";
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  TIMESTAMP,
} from "./cel-type.ts";
import { escapeProperty, unescapeProperty } from "./property-name.ts";

const FORMATS: Readonly<Record<string, CelType>> = {
  byte: BYTES,
  duration: DURATION,
  date: TIMESTAMP,
  "date-time": TIMESTAMP,
};

const META: FieldSchema = {
  type: "object",
  properties: { name: { type: "string" }, generateName: { type: "string" } },
};

const rootSchemas = new WeakMap<FieldSchema, FieldSchema>();

/** A whole object: of its metadata only the names are visible. */
export function resourceSchema(schema: FieldSchema): FieldSchema {
  let root = rootSchemas.get(schema);
  if (root === undefined) {
    const text = { type: "string" } as const;
    const properties = { ...schema.properties, apiVersion: text, kind: text, metadata: META };
    root = { ...schema, type: "object", properties };
    rootSchemas.set(schema, root);
  }
  return root;
}

const typesOf = new WeakMap<FieldSchema, CelType | null>();

export function schemaType(schema: FieldSchema, name = "object"): CelType | undefined {
  let type = typesOf.get(schema);
  if (type === undefined) {
    type = typeOfSchema(schema, name) ?? null;
    typesOf.set(schema, type);
  }
  return type ?? undefined;
}

function typeOfSchema(schema: FieldSchema, name: string): CelType | undefined {
  if (schema.intOrString === true) return DYN;
  switch (schema.type) {
    case "array": {
      const element = schema.items && schemaType(childSchema(schema.items), `${name}.@items`);
      return element && listOf(element);
    }
    case "object":
      return typeOfObject(schema, name);
    case "string":
      return FORMATS[schema.format ?? ""] ?? STRING;
    case "boolean":
      return BOOL;
    case "number":
      return DOUBLE;
    case "integer":
      return INT;
    case undefined:
      return undefined;
  }
}

/** An embedded object has a root of its own. */
export function childSchema(schema: FieldSchema): FieldSchema {
  return schema.embeddedResource === true ? resourceSchema(schema) : schema;
}

function typeOfObject(schema: FieldSchema, name: string): CelType | undefined {
  const values = valueSchema(schema);
  if (values !== undefined) {
    const type = schemaType(childSchema(values), `${name}.@values`);
    return type && mapOf(STRING, type);
  }
  return {
    is: "object",
    name,
    field(field) {
      const property = propertySchema(schema, field);
      return property && schemaType(childSchema(property), `${name}.${field}`);
    },
  };
}

/** Of a map with free keys; `additionalProperties: true` says nothing about its values. */
export function valueSchema({ additionalProperties }: FieldSchema): FieldSchema | undefined {
  if (additionalProperties === undefined) return undefined;
  return Object.keys(additionalProperties).length === 0 ? undefined : additionalProperties;
}

/** By the name an expression writes. */
export function propertySchema(
  { properties = {} }: FieldSchema,
  field: string,
): FieldSchema | undefined {
  const name = unescapeProperty(field);
  if (!Object.hasOwn(properties, name) || escapeProperty(name) !== field) return undefined;
  return properties[name];
}
