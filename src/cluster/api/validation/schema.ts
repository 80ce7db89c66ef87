// What the schema of a kind says against an object, as causes of a 422. Unknown fields were dealt with when decoding.

import type { FieldSchema, KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { isUnchangedAt, validateObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";

/**
 * `part` is `status` when only the status was written. Built-in kinds are validated by their own rules. What was wrong
 * before and did not change is let through, so that a definition may become stricter.
 */
export function validateSchema(
  { facts }: Resource,
  object: KubernetesObject,
  part: "object" | "status" = "object",
  old?: KubernetesObject,
): readonly StatusCause[] {
  if (facts.custom === undefined) return [];
  const problems = validateObject(object, facts, {
    unknownFields: "ignore",
    status: part === "status" ? "written" : "ignored",
  });
  const causes = problems
    .filter(({ severity }) => severity === "error")
    .filter(({ path }) => old === undefined || !isUnchangedAt(facts.schema, path, object, old))
    .map(({ cause }) => cause);
  return isBlocked(causes) && hasRules(facts.schema) ? [...causes, RULES_SKIPPED] : causes;
}

/** Whether expressions would meet values of the wrong shape. */
export function isBlocked(causes: readonly StatusCause[]): boolean {
  return causes.some(({ reason = "" }) => BLOCKING.has(reason));
}

/** Faults that make it pointless to evaluate rules (customresource/strategy.go hasBlockingErr). */
const BLOCKING: ReadonlySet<string> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/** CEL rules only run on an object that has the right shape, and the server says when they did not. */
const RULES_SKIPPED: StatusCause = {
  reason: "FieldValueInvalid",
  message:
    "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing " +
    "errors to complete validation",
  field: "<nil>",
};

const withRules = new WeakMap<FieldSchema, boolean>();

export function hasRules(schema: FieldSchema): boolean {
  let known = withRules.get(schema);
  if (known === undefined) {
    const { items, additionalProperties, properties = {} } = schema;
    const inner = [items, additionalProperties, ...Object.values(properties)];
    known =
      (schema.validations ?? []).length > 0 ||
      inner.some((child) => child !== undefined && hasRules(child));
    withRules.set(schema, known);
  }
  return known;
}
