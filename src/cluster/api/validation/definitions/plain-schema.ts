// Most of a definition's schemas are of one text or number with nothing about them that could be wrong.

import { patternFault } from "../../../../kubernetes/index.ts";
import type { Schema } from "./structural-schema.ts";

const SCALARS: ReadonlySet<unknown> = new Set(["string", "integer", "boolean", "number"]);
const HARMLESS: ReadonlySet<string> = new Set([
  "type",
  "description",
  "title",
  "example",
  "format",
  "enum",
  "pattern",
  "nullable",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
]);

export function isPlain(schema: Schema): boolean {
  if (!SCALARS.has(schema["type"])) return false;
  for (const name in schema) if (!HARMLESS.has(name)) return false;
  const { pattern } = schema;
  return typeof pattern !== "string" || patternFault(pattern) === undefined;
}
