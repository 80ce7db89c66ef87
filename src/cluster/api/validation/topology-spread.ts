// How evenly pods are spread. Mirrors validateTopologySpreadConstraints of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { duplicateField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordsAt, textAt } from "./fields.ts";
import { validateLabelKeys } from "./label-keys.ts";
import { validateLabelSelector } from "./selectors.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeAt, judgeEach, NO_CAUSES, validateKnown } from "./walk-fields.ts";

const ACTIONS = ["DoNotSchedule", "ScheduleAnyway"];
const POLICIES = ["Honor", "Ignore"];
const NOT_POSITIVE = "must be greater than zero";

export function validateTopologySpread(field: string, spec: Scope): Causes {
  const constraints = recordsAt(spec, "topologySpreadConstraints");
  return judgeEach(field, spec, "topologySpreadConstraints", (at, constraint, index) => [
    ...skewFaults(`${at}.maxSkew`, numberAt(constraint, "maxSkew") ?? 0),
    ...kindFaults(at, constraint),
    ...repetitions(at, constraint, constraints.slice(index + 1)),
    ...domainFaults(`${at}.minDomains`, constraint),
    ...validateKnown(`${at}.nodeAffinityPolicy`, constraint["nodeAffinityPolicy"], POLICIES),
    ...validateKnown(`${at}.nodeTaintsPolicy`, constraint["nodeTaintsPolicy"], POLICIES),
    ...validateLabelKeys(at, constraint),
    ...judgeAt(at, constraint, "labelSelector", validateLabelSelector),
  ]);
}

function skewFaults(field: string, skew: number): Causes {
  return skew > 0 ? NO_CAUSES : [invalidField(field, skew, NOT_POSITIVE)];
}

function kindFaults(field: string, constraint: Scope): Causes {
  const [key, action] = [
    textAt(constraint, "topologyKey"),
    textAt(constraint, "whenUnsatisfiable"),
  ];
  return [
    ...(key === "" ? [requiredField(`${field}.topologyKey`, "can not be empty")] : []),
    ...(ACTIONS.includes(action)
      ? []
      : [unsupportedField(`${field}.whenUnsatisfiable`, action, ACTIONS)]),
  ];
}

/** A key with what happens when it cannot be spread over is one kind of constraint, and comes once. */
function repetitions(field: string, constraint: Scope, later: readonly Scope[]): Causes {
  const [key, action] = ["topologyKey", "whenUnsatisfiable"].map((name) =>
    textAt(constraint, name),
  );
  const isRepeated = later.some(
    (other) =>
      textAt(other, "topologyKey") === key && textAt(other, "whenUnsatisfiable") === action,
  );
  if (!isRepeated) return NO_CAUSES;
  return [duplicateField(`${field}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`)];
}

function domainFaults(field: string, constraint: Scope): Causes {
  const count = numberAt(constraint, "minDomains");
  const action = textAt(constraint, "whenUnsatisfiable");
  if (count === undefined) return NO_CAUSES;
  const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
  return [
    ...skewFaults(field, count),
    ...(action === "DoNotSchedule" ? [] : [invalidField(field, count, why)]),
  ];
}
