// The schema of an override, made from the schema of what it overrides: nothing is required, and `null` removes.

import type { Json, JsonObject } from "../../core/index.ts";
import { isRecord } from "../../core/index.ts";

/** Lists replace, so what is inside them stays as it is. */
export function asOverride(schema: JsonObject): JsonObject {
  const { required: _required, default: _default, minProperties: _min, ...rest } = schema;
  const { properties, additionalProperties, anyOf } = rest;
  return {
    ...rest,
    ...(isObject(properties) ? { properties: mapMembers(properties, removable) } : {}),
    ...(isObject(additionalProperties)
      ? { additionalProperties: removable(additionalProperties) }
      : {}),
    ...(Array.isArray(anyOf) ? { anyOf: (anyOf as readonly Json[]).map(overrideOf) } : {}),
  };
}

function overrideOf(schema: Json | undefined): Json {
  return isObject(schema) ? asOverride(schema) : (schema ?? {});
}

function removable(schema: Json | undefined): Json {
  const override = overrideOf(schema);
  const acceptsNothing = isObject(override) && override["not"] !== undefined;
  return acceptsNothing ? { type: "null" } : { anyOf: [override, { type: "null" }] };
}

function mapMembers(members: JsonObject, map: (member: Json | undefined) => Json): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, map(member)]));
}

function isObject(value: Json | undefined): value is JsonObject {
  return isRecord(value);
}
