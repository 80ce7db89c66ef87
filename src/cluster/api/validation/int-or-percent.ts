// Numbers of pods, and parts of their number. Mirrors ValidatePositiveIntOrPercent, IsNotMoreThan100Percent and
// getIntOrPercentValue of kubernetes pkg/apis/apps/validation/validation.go, and ValidateNonnegativeField of
// pkg/apis/core/validation @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { numberAt } from "./fields.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const NOT_NEGATIVE = "must be greater than or equal to 0";
const NOT_A_PERCENTAGE =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for " +
  "validation is '[0-9]+%')";

export function notNegative(spec: Scope, field: string, at = `spec.${field}`): Causes {
  const value = numberAt(spec, field);
  return value !== undefined && value < 0 ? [invalidField(at, value, NOT_NEGATIVE)] : [];
}

/** A count that is not negative, or a percentage up to any size. */
export function intOrPercent(field: string, value: unknown): Causes {
  if (typeof value === "number") return value < 0 ? [invalidField(field, value, NOT_NEGATIVE)] : [];
  if (typeof value !== "string" || isPercentage(value)) return [];
  return [invalidField(field, value, NOT_A_PERCENTAGE)];
}

/** A percentage cannot be of more than there is; a count may. */
export function notAboveAll(field: string, value: unknown): Causes {
  const isTooMuch = isPercentage(value) && Number.parseInt(value, 10) > 100;
  return isTooMuch ? [invalidField(field, value, "must not be greater than 100%")] : [];
}

/** True also of a text that is no number, which Go reads as 0. */
export function isZero(value: unknown): boolean {
  if (isPercentage(value)) return Number.parseInt(value, 10) === 0;
  return typeof value === "string" ? !/^[+-]?\d*[1-9]\d*$/.test(value) : (value ?? 0) === 0;
}

function isPercentage(value: unknown): value is string {
  return typeof value === "string" && /^\d+%$/.test(value);
}
