// When containers restart, other than their pod says. Mirrors validateContainerRestartPolicy and
// validateInitContainerRestartPolicy of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import { requiredField, tooManyField, unsupportedField } from "../field-error.ts";
import { recordsAt, textAt } from "./fields.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES, validateKnown } from "./walk-fields.ts";

const POLICIES = ["Always", "Never", "OnFailure"];
const ACTIONS = ["Restart", "RestartAllContainers"];
const OPERATORS = ["In", "NotIn"];
const RULES_MAX = 20;
const CODES_MAX = 255;

export function validateContainerRestart(field: string, container: Scope): Causes {
  const policy = container["restartPolicy"];
  const rules = recordsAt(container, "restartPolicyRules");
  if (policy === undefined && rules.length === 0) return NO_CAUSES;
  const why = "must specify restartPolicy when restart rules are used";
  const at = `${field}.restartPolicyRules`;
  return [
    ...(policy === undefined
      ? [requiredField(`${field}.restartPolicy`, why)]
      : validateKnown(`${field}.restartPolicy`, policy, POLICIES)),
    ...(rules.length > RULES_MAX ? [tooManyField(at, rules.length, RULES_MAX)] : []),
    ...judgeEach(field, container, "restartPolicyRules", validateRule),
  ];
}

/** Without a policy its rules are not looked at. */
export function validateInitRestart(field: string, container: Scope): Causes {
  const causes = validateContainerRestart(field, container);
  return container["restartPolicy"] === undefined ? causes.slice(0, 1) : causes;
}

function validateRule(field: string, rule: Scope): Causes {
  const action = textAt(rule, "action");
  const codes = rule["exitCodes"];
  return [
    ...(ACTIONS.includes(action) ? [] : [unsupportedField(`${field}.action`, action, ACTIONS)]),
    ...(isRecord(codes)
      ? codeFaults(`${field}.exitCodes`, codes)
      : [requiredField(`${field}.exitCodes`, "must be specified")]),
  ];
}

function codeFaults(field: string, codes: Scope): Causes {
  const operator = textAt(codes, "operator");
  const count = Array.isArray(codes["values"]) ? codes["values"].length : 0;
  return [
    ...(OPERATORS.includes(operator)
      ? []
      : [unsupportedField(`${field}.operator`, operator, OPERATORS)]),
    ...(count > CODES_MAX ? [tooManyField(`${field}.values`, count, CODES_MAX)] : []),
  ];
}
