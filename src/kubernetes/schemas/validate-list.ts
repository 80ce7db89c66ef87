// Uniqueness in lists: sets hold a value once, keyed lists hold a key once.

import { canonicalJson, isRecord } from "../../core/index.ts";
import type { Validation } from "./validation.ts";
import type { FieldSchema } from "./schema.ts";
import { duplicate } from "./schema-problem.ts";

/**
 * Lists of built-in kinds in which the server stores a repeated key (the last one counts, or it warns). Server-side
 * apply refuses them all the same, so they are worth a warning.
 */
const TOLERATED: ReadonlySet<string> = new Set([
  "env",
  "finalizers",
  "hostAliases",
  "imagePullSecrets",
  "ownerReferences",
  "secrets",
]);

export function checkItems(
  validation: Validation,
  list: readonly unknown[],
  schema: FieldSchema,
): void {
  const keyOf = itemKey(schema);
  if (keyOf === undefined || list.length < 2) return;
  const severity = toleratesRepeats(validation, schema) ? "warning" : "error";
  const seen = new Set<string>();
  list.forEach((item, index) => {
    const key = keyOf(item);
    const text = keyText(key);
    if (text === undefined) return;
    if (seen.has(text)) {
      validation.problems.push({ ...duplicate([...validation.path, index], key), severity });
    }
    seen.add(text);
  });
}

/** How an item is told from the others; `undefined` when the list may repeat itself. */
function itemKey(schema: FieldSchema): ((item: unknown) => unknown) | undefined {
  const { listType, listMapKeys = [], uniqueItems } = schema;
  if (listType === "set" || uniqueItems === true) return (item) => item;
  if (listType !== "map") return undefined;
  const required = listMapKeys.filter((key) => schema.items?.required?.includes(key));
  return (item) => {
    // An item without a required key is reported for that already.
    const isTold = isRecord(item) && required.every((key) => item[key] !== undefined);
    return isTold ? keyFields(item, listMapKeys, schema.items) : undefined;
  };
}

/** Equal for equal keys; `undefined` for no key, or one nested too deep to be compared. */
function keyText(key: unknown): string | undefined {
  try {
    return key === undefined ? undefined : canonicalJson(key);
  } catch {
    return undefined;
  }
}

/** The key fields of an item, with the defaults the server would fill in; absent ones are left out. */
export function keyFields(
  item: Record<string, unknown>,
  keys: readonly string[],
  schema: FieldSchema | undefined,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of keys) {
    const value = item[key] ?? schema?.properties?.[key]?.default;
    if (value !== undefined) fields[key] = value;
  }
  return fields;
}

function toleratesRepeats({ path, reads }: Validation, schema: FieldSchema): boolean {
  if (reads === "structural") return false;
  const field = path.at(-1);
  const isNamed = typeof field === "string" && TOLERATED.has(field);
  return isNamed || schema.listMapKeys?.includes("containerPort") === true;
}
