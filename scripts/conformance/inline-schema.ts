// One self-contained JSON Schema from one of an OpenAPI document: references resolved, unknown fields refused.
// `nullable` stays unknown to JSON Schema on purpose: nothing Keelson writes is null.

export type JsonRecord = Readonly<Record<string, unknown>>;

const REFERENCE = "#/components/schemas/";

export function inlineSchema(schema: unknown, named: JsonRecord): JsonRecord {
  return toRecord(inline(schema, named, []));
}

/** `above` holds the names being resolved; a schema inside itself (JSONSchemaProps) is left open. */
function inline(schema: unknown, named: JsonRecord, above: readonly string[]): unknown {
  if (Array.isArray(schema)) return schema.map((item) => inline(item, named, above));
  if (!isRecord(schema)) return schema;
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const name = reference.slice(REFERENCE.length);
    return above.includes(name) ? {} : inline(named[name], named, [...above, name]);
  }
  const entries = Object.entries(schema).filter(([key]) => !UNUSED.has(key));
  return closeSchema(
    Object.fromEntries(
      entries.map(([key, value]) => [
        key,
        ALTERNATIVES.has(key) ? value : inlineKeyword(key, value, named, above),
      ]),
    ),
  );
}

/** They only narrow what stands beside them, and name some of its fields. */
const ALTERNATIVES = new Set(["anyOf", "not", "oneOf"]);

/** Prose. Defaults stay: CEL rules are evaluated after defaulting. */
const UNUSED = new Set(["description", "example", "externalDocs", "xml"]);

/** Keywords whose value is not a schema are kept; below `properties` the keys are names of fields. */
function inlineKeyword(
  key: string,
  value: unknown,
  named: JsonRecord,
  above: readonly string[],
): unknown {
  if (key === "enum" || key === "default" || key === "required" || key.startsWith("x-kubernetes-"))
    return value;
  if (key !== "properties" || !isRecord(value)) return inline(value, named, above);
  const fields = Object.entries(value).map(([name, field]) => [name, inline(field, named, above)]);
  return Object.fromEntries(fields);
}

function closeSchema(schema: Record<string, unknown>): JsonRecord {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") {
    return { oneOf: [{ type: "integer" }, { type: "string" }] };
  }
  const open =
    schema["properties"] === undefined ||
    schema["additionalProperties"] !== undefined ||
    schema["x-kubernetes-preserve-unknown-fields"] === true;
  return open ? schema : { ...schema, additionalProperties: false };
}

/** A field that holds an object, or undefined. */
export function recordField(value: unknown, field: string): JsonRecord | undefined {
  const found = isRecord(value) ? value[field] : undefined;
  return isRecord(found) ? found : undefined;
}

function toRecord(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
