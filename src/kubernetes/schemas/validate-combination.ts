// `anyOf`, `oneOf`, `allOf` and `not`: in structural schemas they only restrict values, they never declare fields.

import type { FieldSchema } from "./schema.ts";
import { badCombination } from "./schema-problem.ts";
import type { Validation } from "./validation.ts";

/** Checks a value against a schema; handed in because the two call each other. */
type Check = (validation: Validation, value: unknown, schema: FieldSchema) => void;

export function checkCombinations(
  validation: Validation,
  value: unknown,
  schema: FieldSchema,
  check: Check,
): void {
  const { anyOf, oneOf, allOf, not } = schema;
  if (anyOf === undefined && oneOf === undefined && allOf === undefined && not === undefined)
    return;
  const fits = (candidate: FieldSchema): boolean => isMetBy(validation, value, candidate, check);
  const refuse = (should: string): void => {
    validation.problems.push(badCombination([...validation.path], value, should));
  };
  // The two types of an int-or-string are checked by its flag already.
  if (anyOf !== undefined && schema.intOrString !== true && !anyOf.some(fits)) {
    refuse("validate at least one schema (anyOf)");
  }
  if (oneOf !== undefined && oneOf.filter(fits).length !== 1) {
    refuse("validate one and only one schema (oneOf)");
  }
  if (allOf !== undefined && !allOf.every(fits)) refuse("validate all the schemas (allOf)");
  if (not !== undefined && fits(not)) refuse("not validate the schema (not)");
}

function isMetBy(
  validation: Validation,
  value: unknown,
  schema: FieldSchema,
  check: Check,
): boolean {
  const trial: Validation = {
    ...validation,
    path: [...validation.path],
    problems: [],
    unknownFields: "ignore",
    requiredMatters: true,
  };
  check(trial, value, schema);
  return trial.problems.length === 0;
}
