// Validation of node selectors. Mirrors ValidateNodeSelector of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { recordsAt, textAt } from "./fields.ts";
import { labelValueFaults, qualifiedNameFaults } from "./labels.ts";
import { nameFaults } from "./names.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export interface NodeSelectorOptions {
  /** Values that are no label values were there before. */
  readonly allowBadValues: boolean;
}

export function validateNodeSelector(
  field: string,
  selector: Scope,
  options: NodeSelectorOptions,
): Causes {
  const terms = recordsAt(selector, "nodeSelectorTerms");
  const at = `${field}.nodeSelectorTerms`;
  if (terms.length === 0) return [requiredField(at, "must have at least one node selector term")];
  return terms.flatMap((term, index) => validateNodeSelectorTerm(`${at}[${index}]`, term, options));
}

export function validateNodeSelectorTerm(
  field: string,
  term: Scope,
  options: NodeSelectorOptions,
): Causes {
  return [
    ...recordsAt(term, "matchExpressions").flatMap((one, place) =>
      validateExpression(`${field}.matchExpressions[${place}]`, one, options),
    ),
    ...recordsAt(term, "matchFields").flatMap((one, place) =>
      validateFieldMatch(`${field}.matchFields[${place}]`, one),
    ),
  ];
}

/** Whether a selector holds values that could not be a node's. */
export function hasBadValues(selector: Scope): boolean {
  return recordsAt(selector, "nodeSelectorTerms").some((term) =>
    recordsAt(term, "matchExpressions").some((one) =>
      valuesOf(one).some((value) => labelValueFaults(value).length > 0),
    ),
  );
}

function validateExpression(
  field: string,
  expression: Scope,
  { allowBadValues }: NodeSelectorOptions,
): Causes {
  const key = textAt(expression, "key");
  const values = allowBadValues ? [] : valuesOf(expression);
  return [
    ...operatorFaults(field, textAt(expression, "operator"), valuesOf(expression).length),
    ...qualifiedNameFaults(key).map((fault) => invalidField(`${field}.key`, key, fault)),
    ...values.flatMap((value, index) =>
      labelValueFaults(value).map((fault) =>
        invalidField(`${field}.values[${index}]`, value, fault),
      ),
    ),
  ];
}

function operatorFaults(field: string, operator: string, count: number): Causes {
  const at = `${field}.values`;
  switch (operator) {
    case "In":
    case "NotIn":
      if (count > 0) return [];
      return [requiredField(at, "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      if (count === 0) return [];
      return [
        forbiddenField(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      ];
    case "Gt":
    case "Lt":
      if (count === 1) return [];
      return [requiredField(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalidField(`${field}.operator`, operator, "not a valid selector operator")];
  }
}

function validateFieldMatch(field: string, match: Scope): Causes {
  const [key, operator, values] = [
    textAt(match, "key"),
    textAt(match, "operator"),
    valuesOf(match),
  ];
  const isListed = operator === "In" || operator === "NotIn";
  const single =
    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  return [
    ...(isListed
      ? []
      : [invalidField(`${field}.operator`, operator, "not a valid selector operator")]),
    ...(isListed && values.length !== 1 ? [requiredField(`${field}.values`, single)] : []),
    ...(key === "metadata.name"
      ? values.flatMap((value, index) =>
          nameFaults(value, "subdomain").map((fault) =>
            invalidField(`${field}.values[${index}]`, value, fault),
          ),
        )
      : [invalidField(`${field}.key`, key, "not a valid field selector key")]),
  ];
}

function valuesOf({ values }: Scope): readonly string[] {
  return Array.isArray(values) ? values.map(String) : [];
}
