// Essential validation of apps/v1. Mirrors kubernetes pkg/apis/apps/validation/validation.go.

import { plainText, deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { validatePodTemplate } from "./pods.ts";
import { printGo } from "./print-go.ts";
import { validateWorkloadSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;

const ALWAYS: readonly string[] = ["Always"];
const NOT_NEGATIVE = "must be greater than or equal to 0";

export function validateDeployment(object: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(object, "spec");
  return [
    ...notNegative(spec, "replicas"),
    ...validateWorkloadSelector(spec, "empty selector is invalid for deployment"),
    ...validatePodTemplate("spec.template", recordAt(spec, "template"), ALWAYS),
    ...validateStrategy(recordAt(spec, "strategy")),
    ...notNegative(spec, "minReadySeconds"),
    ...notNegative(spec, "revisionHistoryLimit"),
    ...notNegative(spec, "progressDeadlineSeconds"),
    ...deadlineAboveReady(spec),
  ];
}

export function validateReplicaSet(object: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(object, "spec");
  return [
    ...notNegative(spec, "replicas"),
    ...notNegative(spec, "minReadySeconds"),
    ...validateWorkloadSelector(spec, "empty selector is invalid for deployment"),
    ...validatePodTemplate("spec.template", recordAt(spec, "template"), ALWAYS),
  ];
}

export function validateDaemonSet(object: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(object, "spec");
  return [
    ...validateWorkloadSelector(spec, "empty selector is invalid for daemonset"),
    ...validatePodTemplate("spec.template", recordAt(spec, "template"), ALWAYS),
    ...notNegative(spec, "minReadySeconds"),
    ...oneOf("spec.updateStrategy.type", recordAt(spec, "updateStrategy")["type"], [
      "RollingUpdate",
      "OnDelete",
    ]),
    ...notNegative(spec, "revisionHistoryLimit"),
  ];
}

export function validateStatefulSet(object: KubernetesObject): readonly StatusCause[] {
  const spec = recordAt(object, "spec");
  const claims = recordsAt(spec, "volumeClaimTemplates").map((claim) =>
    textAt(recordAt(claim, "metadata"), "name"),
  );
  return [
    ...oneOf("spec.podManagementPolicy", spec["podManagementPolicy"], ["OrderedReady", "Parallel"]),
    ...oneOf("spec.updateStrategy.type", recordAt(spec, "updateStrategy")["type"], [
      "RollingUpdate",
      "OnDelete",
    ]),
    ...notNegative(spec, "replicas"),
    ...notNegative(spec, "minReadySeconds"),
    ...validateWorkloadSelector(spec, "empty selector is invalid for statefulset"),
    ...validatePodTemplate("spec.template", recordAt(spec, "template"), ["Always"], claims),
  ];
}

export function validateSelectorUnchanged(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const selector = recordAt(next, "spec")["selector"];
  if (deepEqual(selector, recordAt(old, "spec")["selector"])) return [];
  return [
    {
      reason: "FieldValueInvalid",
      message: `Invalid value: ${printGo(selector)}: field is immutable`,
      field: "spec.selector",
    },
  ];
}

/** What may change of a stateful set's spec; everything else is refused as a whole. */
const MUTABLE: readonly string[] = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

export function validateStatefulSetUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(next, "spec");
  const before = recordAt(old, "spec");
  const fields = new Set([...Object.keys(spec), ...Object.keys(before)]);
  const changed = [...fields].filter(
    (field) => !MUTABLE.includes(field) && !deepEqual(spec[field], before[field]),
  );
  if (changed.length === 0) return [];
  return [
    forbiddenField(
      "spec",
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
        "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}

function validateStrategy(strategy: Scope): readonly StatusCause[] {
  const type = textAt(strategy, "type");
  if (type === "Recreate" && strategy["rollingUpdate"] !== undefined) {
    return [
      forbiddenField(
        "spec.strategy.rollingUpdate",
        "may not be specified when strategy `type` is 'Recreate'",
      ),
    ];
  }
  if (type !== "RollingUpdate")
    return oneOf("spec.strategy.type", type, ["Recreate", "RollingUpdate"]);
  const rolling = recordAt(strategy, "rollingUpdate");
  const field = "spec.strategy.rollingUpdate";
  const causes = [
    ...intOrPercent(`${field}.maxUnavailable`, rolling["maxUnavailable"]),
    ...intOrPercent(`${field}.maxSurge`, rolling["maxSurge"]),
  ];
  if (isZero(rolling["maxUnavailable"]) && isZero(rolling["maxSurge"])) {
    causes.push(
      invalidField(
        `${field}.maxUnavailable`,
        rolling["maxUnavailable"],
        "may not be 0 when `maxSurge` is 0",
      ),
    );
  }
  return causes;
}

/** A count that is not negative, or a percentage up to any size. */
export function intOrPercent(field: string, value: unknown): readonly StatusCause[] {
  if (typeof value === "number") return value < 0 ? [invalidField(field, value, NOT_NEGATIVE)] : [];
  if (typeof value !== "string" || /^\d+%$/.test(value)) return [];
  return [
    invalidField(
      field,
      value,
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ),
  ];
}

function isZero(value: unknown): boolean {
  return value === 0 || value === "0%";
}

export function notNegative(
  spec: Scope,
  field: string,
  at = `spec.${field}`,
): readonly StatusCause[] {
  const value = numberAt(spec, field);
  return value !== undefined && value < 0 ? [invalidField(at, value, NOT_NEGATIVE)] : [];
}

export function oneOf(
  field: string,
  value: unknown,
  allowed: readonly string[],
): readonly StatusCause[] {
  if (value === undefined || value === "") return [requiredField(field)];
  return allowed.includes(plainText(value)) ? [] : [unsupportedField(field, value, allowed)];
}

function deadlineAboveReady(spec: Scope): readonly StatusCause[] {
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  const ready = numberAt(spec, "minReadySeconds") ?? 0;
  if (deadline === undefined || deadline < 0 || deadline > ready) return [];
  return [
    invalidField("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"),
  ];
}
