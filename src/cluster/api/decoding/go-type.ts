// The Go type behind the schema of a built-in field, as decoders name it in their complaints.

import type { FieldSchema } from "../../../kubernetes/index.ts";

export function goType(schema: FieldSchema): string {
  if (schema.items !== undefined) return `[]${goType(schema.items)}`;
  if (schema.additionalProperties !== undefined)
    return `map[string]${goType(schema.additionalProperties)}`;
  switch (schema.type) {
    case "boolean":
      return "bool";
    case "integer":
      return schema.format ?? "int";
    case "number":
      return "float64";
    case "string":
      return "string";
    case "object":
    case "array":
    case undefined:
    default:
      return "struct";
  }
}
