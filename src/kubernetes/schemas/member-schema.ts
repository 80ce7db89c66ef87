// The schema of one member of an object, whether declared, embedded or a value of a map.

import { objectMetaSchema } from "./object-meta.ts";
import type { FieldSchema } from "./schema.ts";

/** What every embedded object must say of itself. */
export const EMBEDDED_REQUIRED: readonly string[] = ["apiVersion", "kind"];

/** The schema of a member, or `undefined` when the schema knows none of that name. */
export function memberSchema(schema: FieldSchema, name: string): FieldSchema | undefined {
  const { properties, additionalProperties, embeddedResource } = schema;
  if (embeddedResource === true && name === "metadata") return objectMetaSchema();
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  if (embeddedResource === true && EMBEDDED_REQUIRED.includes(name)) return TEXT;
  return additionalProperties;
}

const TEXT: FieldSchema = { type: "string" };
