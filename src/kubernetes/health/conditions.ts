// Health from standard conditions, for every kind without a rule of its own.
// Follows kstatus (cli-utils pkg/kstatus/status/generic.go and core.go `checkGenericProperties`).

import type { Condition, KubernetesObject } from "../object.ts";
import { conditionOf, degraded, healthy, isObserved, progressing } from "./fields.ts";
import type { Health, HealthRule } from "./rule.ts";

/** Stalled means degraded, Reconciling or not Ready means progressing, no condition at all means healthy. */
export function conditionHealth(object: KubernetesObject): Health {
  if (!isObserved(object)) return progressing("waiting for the controller to see the latest spec");
  const stalled = conditionOf(object, "Stalled");
  if (stalled?.status === "True") return degraded(describe(stalled));
  const reconciling = conditionOf(object, "Reconciling");
  if (reconciling?.status === "True") return progressing(describe(reconciling));
  const ready = conditionOf(object, "Ready");
  if (ready === undefined) return healthy();
  return ready.status === "True" ? healthy(ready.message) : progressing(describe(ready));
}

/** Needs one condition to be True: absent or Unknown is progressing, False is degraded. */
export function requireCondition(type: string, waiting: string): HealthRule {
  return (object) => {
    const condition = conditionOf(object, type);
    if (condition === undefined || !isObserved(object)) return progressing(waiting);
    if (condition.status === "True") return healthy(condition.message);
    return condition.status === "False" ? degraded(describe(condition)) : progressing(waiting);
  };
}

/** The message, or what stands in for it. */
export function describe({ type, status, reason, message }: Condition): string {
  return message || reason || `${type} is ${status}`;
}
