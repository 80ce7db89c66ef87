// Validation of HorizontalPodAutoscalers. Mirrors validateHorizontalPodAutoscalerSpec and validateScalingRules of kubernetes
// pkg/apis/autoscaling/validation/validation.go, and validationOptionsForHorizontalPodAutoscaler of
// pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go @v1.36, with the gate HPAScaleToZero off as it is by default.

import { compareQuantities, parseQuantity, plainText, ZERO_QUANTITY } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { apiVersionFault, validateReference, validateMetric } from "./autoscaler-metrics.ts";
import type { ReferenceOptions } from "./autoscaler-metrics.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

interface Options {
  readonly minReplicas: number;
  readonly target: ReferenceOptions;
  readonly described: ReferenceOptions;
}

export function validateNewAutoscaler(autoscaler: KubernetesObject): Causes {
  const spec = recordAt(autoscaler, "spec");
  return validateSpec(spec, { minReplicas: 1, target: targetOptions(spec), described: ANY_GROUP });
}

/** What was accepted before stays acceptable: targets whose version cannot be read, and no replicas at all. */
export function validateAutoscalerUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  const hadBadMetric = recordsAt(before, "metrics").some(
    (metric) => metric["type"] === "Object" && describedFault(metric) !== undefined,
  );
  return validateSpec(spec, {
    minReplicas: before["minReplicas"] === 0 ? 0 : 1,
    target: isSameTarget(spec, before) ? ANY_VERSION : targetOptions(spec),
    described: hadBadMetric ? ANY_VERSION : ANY_GROUP,
  });
}

const ANY_VERSION: ReferenceOptions = { allowAnyVersion: true, allowNoGroup: true };
const ANY_GROUP: ReferenceOptions = { allowAnyVersion: false, allowNoGroup: true };

/** Of the core group, one kind is scaled. */
function targetOptions(spec: Scope): ReferenceOptions {
  const { kind } = recordAt(spec, "scaleTargetRef");
  return { allowAnyVersion: false, allowNoGroup: kind === "ReplicationController" };
}

function isSameTarget(spec: Scope, before: Scope): boolean {
  const [now, old] = [recordAt(spec, "scaleTargetRef"), recordAt(before, "scaleTargetRef")];
  return ["apiVersion", "kind"].every((field) => textAt(now, field) === textAt(old, field));
}

function describedFault(metric: Scope): string | undefined {
  const described = recordAt(recordAt(metric, "object"), "describedObject");
  return metric["object"] === undefined ? undefined : apiVersionFault(described, ANY_GROUP);
}

function validateSpec(spec: Scope, options: Options): Causes {
  const behavior = recordAt(spec, "behavior");
  return [
    ...validateBounds(spec, options.minReplicas),
    ...validateReference("spec.scaleTargetRef", recordAt(spec, "scaleTargetRef"), options.target),
    ...recordsAt(spec, "metrics").flatMap((metric, index) =>
      validateMetric(`spec.metrics[${index}]`, metric, options.described),
    ),
    ...validateZero(spec),
    ...["scaleUp", "scaleDown"]
      .filter((way) => behavior[way] !== undefined)
      .flatMap((way) => validateRules(`spec.behavior.${way}`, recordAt(behavior, way))),
  ];
}

function validateBounds(spec: Scope, least: number): Causes {
  const field = "spec.maxReplicas";
  const minimum = numberAt(spec, "minReplicas");
  const maximum = numberAt(spec, "maxReplicas") ?? 0;
  const low = `must be greater than or equal to ${least}`;
  const isCrossed = minimum !== undefined && maximum < minimum;
  const crossed = "must be greater than or equal to `minReplicas`";
  const isLow = minimum !== undefined && minimum < least;
  return [
    ...(isLow ? [invalidField("spec.minReplicas", minimum, low)] : []),
    ...(maximum === 0 ? [requiredField(field, "must be set and greater than 0")] : []),
    ...(maximum < 0 ? [invalidField(field, maximum, "must be greater than or equal to 1")] : []),
    ...(isCrossed ? [invalidField(field, maximum, crossed)] : []),
  ];
}

/** Without pods, nothing is measured of them. */
function validateZero(spec: Scope): Causes {
  const isMeasured = recordsAt(spec, "metrics").some(
    ({ type }) => type === "Object" || type === "External",
  );
  if (spec["minReplicas"] !== 0 || isMeasured) return [];
  const why =
    "must specify at least one Object or External metric to support scaling to zero replicas";
  return [forbiddenField("spec.metrics", why)];
}

const SELECTIONS = ["Disabled", "Max", "Min"];
const POLICY_TYPES = ["Percent", "Pods"];
const WINDOW_SECONDS_MAX = 3600;
const PERIOD_SECONDS_MAX = 1800;

function validateRules(field: string, rules: Scope): Causes {
  const policies = recordsAt(rules, "policies");
  const select = rules["selectPolicy"];
  const isKnown = select === undefined || SELECTIONS.some((one) => one === select);
  const none = "must specify at least one Policy";
  return [
    ...validateWindow(`${field}.stabilizationWindowSeconds`, rules),
    ...(isKnown ? [] : [unsupportedField(`${field}.selectPolicy`, select, SELECTIONS)]),
    ...(policies.length === 0 ? [requiredField(`${field}.policies`, none)] : []),
    ...policies.flatMap((policy, index) => validatePolicy(`${field}.policies[${index}]`, policy)),
    ...validateTolerance(`${field}.tolerance`, rules["tolerance"]),
  ];
}

function validateWindow(field: string, rules: Scope): Causes {
  const seconds = numberAt(rules, "stabilizationWindowSeconds") ?? 0;
  if (seconds < 0) return [invalidField(field, seconds, "must be greater than or equal to zero")];
  const why = `must be less than or equal to ${WINDOW_SECONDS_MAX}`;
  return seconds > WINDOW_SECONDS_MAX ? [invalidField(field, seconds, why)] : [];
}

function validatePolicy(field: string, policy: Scope): Causes {
  const type = textAt(policy, "type");
  const period = numberAt(policy, "periodSeconds") ?? 0;
  const value = numberAt(policy, "value") ?? 0;
  const at = `${field}.periodSeconds`;
  const [none, long] = [
    "must be greater than zero",
    `must be less than or equal to ${PERIOD_SECONDS_MAX}`,
  ];
  return [
    ...(POLICY_TYPES.includes(type) ? [] : [unsupportedField(`${field}.type`, type, POLICY_TYPES)]),
    ...(value <= 0 ? [invalidField(`${field}.value`, value, none)] : []),
    ...(period <= 0 ? [invalidField(at, period, none)] : []),
    ...(period > PERIOD_SECONDS_MAX ? [invalidField(at, period, long)] : []),
  ];
}

function validateTolerance(field: string, tolerance: unknown): Causes {
  if (tolerance === undefined) return [];
  const quantity = parseQuantity(plainText(tolerance)) ?? ZERO_QUANTITY;
  if (compareQuantities(quantity, ZERO_QUANTITY) >= 0) return [];
  return [invalidField(field, tolerance, "must be greater than or equal to 0")];
}

export function validateAutoscalerStatus(autoscaler: KubernetesObject): Causes {
  const status = recordAt(autoscaler, "status");
  return ["currentReplicas", "desiredReplicas"].flatMap((name) =>
    notNegative(status, name, `status.${name}`),
  );
}
