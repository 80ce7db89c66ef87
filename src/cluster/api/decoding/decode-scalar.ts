// Scalars as Go reads them: by JSON type, with quantities and times in their canonical form.

import { canonicalQuantity, parseQuantity } from "../../../core/index.ts";
import type { FieldSchema } from "../../../kubernetes/index.ts";
import type { DecodePlan, Reads } from "./decode-plan.ts";
import { noteMismatch } from "./decode-walk.ts";
import type { DecodeWalk } from "./decode-walk.ts";

export function decodeScalar(value: unknown, plan: DecodePlan, walk: DecodeWalk): unknown {
  if (plan.reads === "quantity") return decodeQuantity(value, plan.schema, walk);
  return fits(value, plan.reads) ? value : noteMismatch(walk, value, plan.schema);
}

function fits(value: unknown, reads: Exclude<Reads, "quantity">): boolean {
  switch (reads) {
    case "int-or-string":
      return typeof value === "string" || typeof value === "number";
    case "anything":
      return true;
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "list":
    case "array":
      return Array.isArray(value);
    case "struct":
    case "map":
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
  }
}

/** Quantities are kept in their canonical form: `0.5` is `500m`, `1024Mi` is `1Gi`. */
function decodeQuantity(value: unknown, schema: FieldSchema, walk: DecodeWalk): unknown {
  if (typeof value !== "string" && typeof value !== "number") {
    return noteMismatch(walk, value, schema);
  }
  const text = String(value);
  let canonical = canonicalTexts.get(text);
  if (canonical === undefined) {
    if (parseQuantity(text) === undefined) return noteMismatch(walk, value, schema);
    canonical = canonicalQuantity(text);
    // A cluster knows few different quantities; the bound is for clients that try many.
    if (canonicalTexts.size >= QUANTITIES_MAX) canonicalTexts.clear();
    canonicalTexts.set(text, canonical);
  }
  return canonical;
}

const QUANTITIES_MAX = 10_000;
const canonicalTexts = new Map<string, string>();
