// The schema of an override, made from the schema of what it overrides: nothing is required, and `null` removes.

import type { Json, JsonObject } from "../../core/index.ts";
import { isRecord } from "../../core/index.ts";

/** Lists replace, so what is inside them stays as it is. */
export function asOverride(schema: JsonObject): JsonObject {
  const { required: _required, default: _default, minProperties: _min, ...rest } = schema;
  const { propertyNames, ...members } = rest;
  const { properties, additionalProperties, anyOf } = members;
  return {
    ...members,
    ...(isObject(properties) ? { properties: mapMembers(properties, removable) } : {}),
    ...otherMembers(propertyNames, additionalProperties),
    ...(Array.isArray(anyOf) ? { anyOf: (anyOf as readonly Json[]).map(overrideOf) } : {}),
  };
}

/** Removing what is not there changes nothing, whatever it is called: the parser warns and goes on. */
const REMOVED: JsonObject = { type: "null" };

function otherMembers(names: Json | undefined, members: Json | undefined): JsonObject {
  if (members === false) return { additionalProperties: REMOVED };
  if (!isObject(members)) return {};
  const pattern = isObject(names) ? names["pattern"] : undefined;
  return typeof pattern === "string"
    ? { patternProperties: { [pattern]: removable(members) }, additionalProperties: REMOVED }
    : { additionalProperties: removable(members) };
}

function overrideOf(schema: Json | undefined): Json {
  return isObject(schema) ? asOverride(schema) : (schema ?? {});
}

function removable(schema: Json | undefined): Json {
  const override = overrideOf(schema);
  const acceptsNothing = isObject(override) && override["not"] !== undefined;
  return acceptsNothing ? REMOVED : { anyOf: [override, REMOVED] };
}

function mapMembers(members: JsonObject, map: (member: Json | undefined) => Json): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, map(member)]));
}

function isObject(value: Json | undefined): value is JsonObject {
  return isRecord(value);
}
