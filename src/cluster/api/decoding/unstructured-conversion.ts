// What Go says when a map of fields is turned into a struct directly, as a strategic merge patch is, and a value does not
// fit. Mirrors fromUnstructured of k8s.io/apimachinery pkg/runtime/converter.go @v1.36.

import type { FieldSchema } from "../../../kubernetes/index.ts";
import { goType } from "./go-type.ts";

/** Undefined where the field has a decoder of its own, whose words are those of a JSON body. */
export function conversionFault(value: unknown, schema: FieldSchema): string | undefined {
  const actual = goKind(value);
  if (schema.intOrString === true || schema.format === "int-or-string") return undefined;
  if (schema.items !== undefined) return `cannot restore slice from ${actual}`;
  if (schema.additionalProperties !== undefined) return `cannot restore map from ${actual}`;
  if (schema.properties !== undefined || schema.type === "object")
    return `cannot restore struct from: ${actual}`;
  if (schema.format === "date-time") return undefined;
  const wanted = goType(schema);
  const isConvertible =
    wanted === "string" ? actual === "int64" : actual === "float64" && wanted !== "bool";
  return isConvertible ? `cannot convert ${actual} to ${wanted}` : `unrecognized type: ${wanted}`;
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return "slice";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "map";
}

/** A JSON value as `%+v` of Go's fmt prints it: `map[spec:map[replicas:x]]`. */
export function formatGoValue(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(" ")}]`;
  if (typeof value === "string") return value;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, inner]) => `${key}:${formatGoValue(inner)}`).join(" ")}]`;
}
