// Validation of Deployments and ReplicaSets. Mirrors ValidateDeploymentSpec, ValidateDeploymentStrategy and ValidateReplicaSetSpec of
// kubernetes pkg/apis/apps/validation/validation.go @v1.36. What has a default is never absent here.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, textAt } from "./fields.ts";
import { intOrPercent, isZero, notAboveAll, notNegative } from "./int-or-percent.ts";
import { RESTART_POLICIES, validatePodTemplate } from "./pods.ts";
import { pointerTo, printStruct } from "./print-struct.ts";
import { printSelector } from "./selectors.ts";
import {
  hasSelectorFaults,
  validateEndlessPods,
  validateTemplateLabels,
  validateWorkloadSelector,
} from "./workload-templates.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export function validateDeployment(object: KubernetesObject): Causes {
  const spec = recordAt(object, "spec");
  return [
    ...notNegative(spec, "replicas"),
    ...validatePods(spec),
    ...validateStrategy(recordAt(spec, "strategy")),
    ...notNegative(spec, "minReadySeconds"),
    ...notNegative(spec, "revisionHistoryLimit"),
    ...notNegative(spec, "progressDeadlineSeconds"),
    ...deadlineAboveReady(spec),
  ];
}

export function validateReplicaSet(object: KubernetesObject): Causes {
  const spec = recordAt(object, "spec");
  return [
    ...notNegative(spec, "replicas"),
    ...notNegative(spec, "minReadySeconds"),
    ...validatePods(spec),
  ];
}

/** Both tell of a deployment and of a replica set. */
function validatePods(spec: Scope): Causes {
  const causes = validateWorkloadSelector(spec, "deployment");
  if (hasSelectorFaults(spec)) {
    const shown = printSelector(spec["selector"]);
    return [...causes, invalidField("spec.selector", shown, "invalid label selector")];
  }
  return [
    ...causes,
    ...validateTemplateLabels(spec),
    ...validatePodTemplate("spec.template", recordAt(spec, "template"), RESTART_POLICIES),
    ...validateEndlessPods(spec, "ReplicaSet"),
  ];
}

const STRATEGIES = ["Recreate", "RollingUpdate"];
const STRATEGY = {
  Type: "",
  RollingUpdate: pointerTo({ MaxUnavailable: 0, MaxSurge: 0 }),
} as const;

function validateStrategy(strategy: Scope): Causes {
  const type = textAt(strategy, "type");
  const field = "spec.strategy.rollingUpdate";
  const isSet = strategy["rollingUpdate"] !== undefined;
  const recreated = "may not be specified when strategy `type` is 'Recreate'";
  if (type === "Recreate") return isSet ? [forbiddenField(field, recreated)] : [];
  if (type !== "RollingUpdate") {
    return [unsupportedField("spec.strategy", printStruct(STRATEGY, strategy), STRATEGIES)];
  }
  const missing = "this should be defaulted and never be nil";
  return isSet
    ? validateRolling(field, recordAt(strategy, "rollingUpdate"))
    : [requiredField(field, missing)];
}

function validateRolling(field: string, { maxUnavailable, maxSurge }: Scope): Causes {
  const at = `${field}.maxUnavailable`;
  const isStuck = isZero(maxUnavailable) && isZero(maxSurge);
  return [
    ...intOrPercent(at, maxUnavailable),
    ...intOrPercent(`${field}.maxSurge`, maxSurge),
    ...(isStuck ? [invalidField(at, maxUnavailable, "may not be 0 when `maxSurge` is 0")] : []),
    ...notAboveAll(at, maxUnavailable),
  ];
}

function deadlineAboveReady(spec: Scope): Causes {
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  const ready = numberAt(spec, "minReadySeconds") ?? 0;
  if (deadline === undefined || deadline > ready) return [];
  const why = "must be greater than minReadySeconds";
  return [invalidField("spec.progressDeadlineSeconds", deadline, why)];
}
