// Validation of Leases. Mirrors ValidateLeaseSpec of kubernetes pkg/apis/coordination/validation/validation.go @v1.36 and
// pkg/registry/coordination/lease/strategy.go, with the gate CoordinatedLeaderElection off as it is by default.

import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { recordAt } from "./fields.ts";

const NO_CAUSES: readonly StatusCause[] = [];

/** Held by every node and every leader, and renewed all the time: a sound one costs nothing but these comparisons. */
export function validateLease(lease: KubernetesObject): readonly StatusCause[] {
  const { leaseDurationSeconds, leaseTransitions } = recordAt(lease, "spec");
  const isShort = typeof leaseDurationSeconds === "number" && leaseDurationSeconds <= 0;
  const isNegative = typeof leaseTransitions === "number" && leaseTransitions < 0;
  if (!isShort && !isNegative) return NO_CAUSES;
  const duration = "spec.leaseDurationSeconds";
  const transitions = "spec.leaseTransitions";
  return [
    ...(isShort ? [invalidField(duration, leaseDurationSeconds, "must be greater than 0")] : []),
    ...(isNegative
      ? [invalidField(transitions, leaseTransitions, "must be greater than or equal to 0")]
      : []),
  ];
}

/** Fields of a gate that is off are dropped. */
export function withoutElection(lease: KubernetesObject): KubernetesObject {
  const given = recordAt(lease, "spec");
  const isPlain = given["strategy"] === undefined && given["preferredHolder"] === undefined;
  if (isPlain) return lease;
  const { strategy: _strategy, preferredHolder: _holder, ...spec } = given;
  return { ...lease, spec };
}
