// Validation of PodDisruptionBudgets. Mirrors ValidatePodDisruptionBudgetSpec and ValidatePodDisruptionBudgetStatusUpdate of
// kubernetes pkg/apis/policy/validation/validation.go @v1.36.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, unsupportedField } from "../field-error.ts";
import { validateConditions } from "./conditions.ts";
import { recordAt, recordsAt } from "./fields.ts";
import { intOrPercent, notAboveAll, notNegative } from "./int-or-percent.ts";
import {
  hasBadSelectorValues,
  printSelector,
  STRICT_SELECTOR,
  validateLabelSelector,
} from "./selectors.ts";
import type { SelectorOptions } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const POLICIES = ["AlwaysAllow", "IfHealthyBudget"];
const COUNTS = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"];

export function validateNewBudget(budget: KubernetesObject): Causes {
  return validateSpec(recordAt(budget, "spec"), STRICT_SELECTOR);
}

export function validateBudgetUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const before = recordAt(recordAt(old, "spec"), "selector");
  return validateSpec(recordAt(next, "spec"), { allowBadValues: hasBadSelectorValues(before) });
}

function validateSpec(spec: Scope, options: SelectorOptions): Causes {
  return [
    ...onlyOne(spec),
    ...["minAvailable", "maxUnavailable"].flatMap((name) => [
      ...intOrPercent(`spec.${name}`, spec[name]),
      ...notAboveAll(`spec.${name}`, spec[name]),
    ]),
    ...validateLabelSelector("spec.selector", recordAt(spec, "selector"), options),
    ...validatePolicy("spec.unhealthyPodEvictionPolicy", spec["unhealthyPodEvictionPolicy"]),
  ];
}

function onlyOne(spec: Scope): Causes {
  const { minAvailable, maxUnavailable } = spec;
  if (minAvailable === undefined || maxUnavailable === undefined) return [];
  const shown = {
    MinAvailable: minAvailable,
    Selector: printSelector(spec["selector"]),
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: spec["unhealthyPodEvictionPolicy"] ?? null,
  };
  return [invalidField("spec", shown, "minAvailable and maxUnavailable cannot be both set")];
}

function validatePolicy(field: string, policy: unknown): Causes {
  if (policy === undefined || POLICIES.some((one) => one === policy)) return [];
  return [unsupportedField(field, policy, POLICIES)];
}

export function validateBudgetStatus(budget: KubernetesObject): Causes {
  const status = recordAt(budget, "status");
  return [
    ...validateConditions("status.conditions", recordsAt(status, "conditions")),
    ...COUNTS.flatMap((name) => notNegative(status, name, `status.${name}`)),
  ];
}
