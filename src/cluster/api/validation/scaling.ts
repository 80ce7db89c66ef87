// Essential validation of disruption budgets and autoscalers. Mirrors kubernetes pkg/apis/policy/validation and
// pkg/apis/autoscaling/validation.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField } from "../field-error.ts";
import { numberAt, recordAt, textAt } from "./fields.ts";
import { validateLabelSelector } from "./selectors.ts";
import { intOrPercent } from "./workloads.ts";

export function validateDisruptionBudget(budget: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(budget, "spec");
  const { minAvailable, maxUnavailable } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = {
      MinAvailable: minAvailable,
      Selector: spec["selector"] ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: spec["unhealthyPodEvictionPolicy"] ?? null,
    };
    return [invalidField("spec", shown, "minAvailable and maxUnavailable cannot be both set")];
  }
  return [
    ...["minAvailable", "maxUnavailable"].flatMap((field) => [
      ...intOrPercent(`spec.${field}`, spec[field]),
      ...notAboveAll(`spec.${field}`, spec[field]),
    ]),
    ...validateLabelSelector("spec.selector", recordAt(spec, "selector")),
  ];
}

function notAboveAll(field: string, value: unknown): readonly StatusCause[] {
  const isTooMuch =
    typeof value === "string" && /^\d+%$/.test(value) && Number.parseInt(value, 10) > 100;
  return isTooMuch ? [invalidField(field, value, "must not be greater than 100%")] : [];
}

export function validateAutoscaler(autoscaler: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(autoscaler, "spec");
  const minimum = numberAt(spec, "minReplicas");
  const maximum = numberAt(spec, "maxReplicas") ?? 0;
  const causes: StatusCause[] = [];
  if (minimum !== undefined && minimum < 1) {
    causes.push(invalidField("spec.minReplicas", minimum, "must be greater than or equal to 1"));
  }
  if (maximum < 1) causes.push(invalidField("spec.maxReplicas", maximum, "must be greater than 0"));
  if (minimum !== undefined && maximum < minimum) {
    causes.push(
      invalidField("spec.maxReplicas", maximum, "must be greater than or equal to `minReplicas`"),
    );
  }
  return [...causes, ...validateTarget(recordAt(spec, "scaleTargetRef"))];
}

/** Kinds that are scaled and live in the core group, so that an apiVersion without a group is meant. */
const CORE_SCALABLE: readonly string[] = ["ReplicationController"];

function validateTarget(target: Readonly<Record<string, unknown>>): readonly StatusCause[] {
  const field = "spec.scaleTargetRef";
  const causes = ["kind", "name"]
    .filter((key) => textAt(target, key) === "")
    .map((key) => requiredField(`${field}.${key}`));
  const apiVersion = textAt(target, "apiVersion");
  const isCore = CORE_SCALABLE.includes(textAt(target, "kind"));
  if (apiVersion === "" && !isCore) {
    causes.push(
      invalidField(`${field}.apiVersion`, apiVersion, "apiVersion must specify API group"),
    );
  }
  return causes;
}
