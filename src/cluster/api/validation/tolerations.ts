// Validation of tolerations. Mirrors ValidateTolerations of kubernetes pkg/apis/core/validation/validation.go @v1.36, with
// the gate TaintTolerationComparisonOperators off as it is by default.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, unsupportedField } from "../field-error.ts";
import { textAt } from "./fields.ts";
import { labelValueFaults, qualifiedNameFaults } from "./labels.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const OPERATORS = ["Equal", "Exists"];
const COMPARISONS = ["Lt", "Gt"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function validateTolerations(field: string, tolerations: readonly Scope[]): Causes {
  return tolerations.flatMap((one, index) => validateToleration(`${field}[${index}]`, one));
}

function validateToleration(field: string, toleration: Scope): Causes {
  const key = textAt(toleration, "key");
  const operator = textAt(toleration, "operator");
  const effect = textAt(toleration, "effect");
  const causes: StatusCause[] = [];
  if (key !== "") {
    const faults = qualifiedNameFaults(key);
    causes.push(...faults.map((fault) => invalidField(`${field}.key`, key, fault)));
  } else if (operator !== "Exists") {
    const why =
      'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidField(`${field}.operator`, operator, why));
  }
  if (toleration["tolerationSeconds"] !== undefined && effect !== "NoExecute") {
    const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    causes.push(invalidField(`${field}.effect`, effect, why));
  }
  causes.push(...operatorFaults(`${field}.operator`, operator, textAt(toleration, "value")));
  if (effect !== "" && !EFFECTS.includes(effect)) {
    causes.push(unsupportedField(`${field}.effect`, effect, EFFECTS));
  }
  return causes;
}

function operatorFaults(field: string, operator: string, value: string): Causes {
  if (operator === "" || operator === "Equal") {
    const faults = labelValueFaults(value);
    return faults.length === 0 ? [] : [invalidField(field, value, faults.join(";"))];
  }
  if (operator === "Exists") {
    const why = "value must be empty when `operator` is 'Exists'";
    return value === "" ? [] : [invalidField(field, value, why)];
  }
  const known = COMPARISONS.includes(operator) ? [...OPERATORS, ...COMPARISONS] : OPERATORS;
  return [unsupportedField(field, operator, known)];
}
