// Label selectors in specs. Mirrors ValidateLabelSelector and LabelSelectorHasInvalidLabelValue of apimachinery
// pkg/apis/meta/v1/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { listAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { labelValueFaults, qualifiedNameFaults, validateLabels } from "./labels.ts";

type Scope = Readonly<Record<string, unknown>>;

export interface SelectorOptions {
  /** Values in expressions that are no label values were there before. */
  readonly allowBadValues: boolean;
}

export const STRICT_SELECTOR: SelectorOptions = { allowBadValues: false };

export function validateLabelSelector(
  field: string,
  selector: Scope,
  options: SelectorOptions = STRICT_SELECTOR,
): readonly StatusCause[] {
  return [
    ...validateLabels(`${field}.matchLabels`, textsAt(selector, "matchLabels")),
    ...recordsAt(selector, "matchExpressions").flatMap((expression, index) => {
      const at = `${field}.matchExpressions[${index}]`;
      const faults = validateExpression(at, expression);
      return options.allowBadValues ? faults : [...faults, ...valueFaults(at, expression)];
    }),
  ];
}

/** What an update may keep. */
export function hasBadSelectorValues(selector: Scope): boolean {
  return recordsAt(selector, "matchExpressions").some((one) => valueFaults("", one).length > 0);
}

function valueFaults(field: string, expression: Scope): readonly StatusCause[] {
  return listAt(expression, "values").flatMap((value, index) =>
    labelValueFaults(value).map((fault) => invalidField(`${field}.values[${index}]`, value, fault)),
  );
}

function validateExpression(field: string, expression: Scope): readonly StatusCause[] {
  const operator = textAt(expression, "operator");
  const values = Array.isArray(expression["values"]) ? expression["values"] : [];
  const causes: StatusCause[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      causes.push(
        requiredField(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"),
      );
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      causes.push(
        forbiddenField(
          `${field}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      );
    }
  } else {
    causes.push(invalidField(`${field}.operator`, operator, "not a valid selector operator"));
  }
  const key = textAt(expression, "key");
  return [
    ...causes,
    ...qualifiedNameFaults(key).map((fault) => invalidField(`${field}.key`, key, fault)),
  ];
}

/** As Go writes the type, whatever the order its fields were given in. */
export function printSelector(selector: unknown): unknown {
  if (!isRecord(selector)) return null;
  const expressions = recordsAt(selector, "matchExpressions").map(printExpression);
  const labels = Object.entries(textsAt(selector, "matchLabels"));
  return {
    ...(labels.length === 0 ? {} : { matchLabels: sortedRecord(labels) }),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  };
}

function printExpression(expression: Scope): Scope {
  const values = listAt(expression, "values");
  return {
    key: textAt(expression, "key"),
    operator: textAt(expression, "operator"),
    ...(values.length === 0 ? {} : { values }),
  };
}

/** Go writes maps in the order of their keys. */
export function sortedRecord(entries: readonly (readonly [string, unknown])[]): Scope {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
