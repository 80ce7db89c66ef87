// Validation of DaemonSets. Mirrors ValidateDaemonSetSpec, ValidateDaemonSetSpecUpdate and ValidateRollingUpdateDaemonSet of
// kubernetes pkg/apis/apps/validation/validation.go @v1.36. The generation of templates is the server's own.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import { intOrPercent, isZero, notAboveAll, notNegative } from "./int-or-percent.ts";
import { RESTART_POLICIES, validatePodTemplate } from "./pods.ts";
import { pointerTo, printStruct } from "./print-struct.ts";
import { hasBadSelectorValues, STRICT_SELECTOR, validateLabelSelector } from "./selectors.ts";
import type { SelectorOptions } from "./selectors.ts";
import {
  emptySelector,
  hasSelectorFaults,
  validateEndlessPods,
  validateSelectorUnchanged,
  validateTemplateLabels,
} from "./workload-templates.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export function validateNewDaemonSet(object: KubernetesObject): Causes {
  return validateSpec(recordAt(object, "spec"), STRICT_SELECTOR);
}

export function validateDaemonSetUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const before = recordAt(recordAt(old, "spec"), "selector");
  const options = { allowBadValues: hasBadSelectorValues(before) };
  return [
    ...validateSelectorUnchanged(next, old),
    ...validateSpec(recordAt(next, "spec"), options),
  ];
}

function validateSpec(spec: Scope, options: SelectorOptions): Causes {
  return [
    ...validateLabelSelector("spec.selector", recordAt(spec, "selector"), options),
    ...(hasSelectorFaults(spec) ? [] : validateTemplateLabels(spec)),
    ...emptySelector(spec, "daemonset"),
    ...validatePodTemplate("spec.template", recordAt(spec, "template"), RESTART_POLICIES),
    ...validateEndlessPods(spec, "DaemonSet"),
    ...notNegative(spec, "minReadySeconds"),
    ...validateUpdateStrategy("spec.updateStrategy", recordAt(spec, "updateStrategy")),
    ...notNegative(spec, "revisionHistoryLimit"),
  ];
}

const STRATEGIES = ["RollingUpdate", "OnDelete"];
const STRATEGY = {
  Type: "",
  RollingUpdate: pointerTo({ MaxUnavailable: 0, MaxSurge: 0 }),
} as const;

function validateUpdateStrategy(field: string, strategy: Scope): Causes {
  const type = textAt(strategy, "type");
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") {
    return [unsupportedField(field, printStruct(STRATEGY, strategy), STRATEGIES)];
  }
  const at = `${field}.rollingUpdate`;
  if (strategy["rollingUpdate"] === undefined) return [requiredField(at)];
  return validateRolling(at, recordAt(strategy, "rollingUpdate"));
}

/** Either more pods than nodes for a while, or fewer. */
function validateRolling(field: string, { maxUnavailable, maxSurge }: Scope): Causes {
  const [fewer, more] = [`${field}.maxUnavailable`, `${field}.maxSurge`];
  const isNeither = isZero(maxUnavailable) && isZero(maxSurge);
  const isBoth = !isZero(maxUnavailable) && !isZero(maxSurge);
  const both = "may not be set when maxUnavailable is non-zero";
  return [
    ...intOrPercent(fewer, maxUnavailable),
    ...intOrPercent(more, maxSurge),
    ...notAboveAll(fewer, maxUnavailable),
    ...notAboveAll(more, maxSurge),
    ...(isBoth ? [invalidField(more, maxSurge, both)] : []),
    ...(isNeither ? [requiredField(fewer, "cannot be 0 when maxSurge is 0")] : []),
  ];
}
