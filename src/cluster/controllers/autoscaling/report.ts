// Events of an autoscaler. The real controller repeats them with every look; here one that the conditions tell already is
// not told again.

import type { ControllerContext } from "../../../kubernetes/index.ts";
import type { ConditionUpdate } from "../conditions.ts";
import type { HorizontalPodAutoscaler } from "../policy-kinds.ts";
import type { Computation } from "./compute-replicas.ts";

export function tellFailures(
  context: ControllerContext,
  autoscaler: HorizontalPodAutoscaler,
  { failures, summary, condition, replicas }: Computation,
): void {
  const { message = "" } = condition;
  for (const event of failures) {
    report(context, autoscaler, { type: condition.type, message, event });
  }
  if (summary === undefined || replicas !== undefined) return;
  report(context, autoscaler, computeEvent(condition, summary));
}

export function computeEvent({ type, message = "" }: ConditionUpdate, summary: string): Report {
  return { type, message, event: { reason: "FailedComputeMetricsReplicas", message: summary } };
}

export interface Report {
  /** The condition that tells the same, and what it says. */
  readonly type: string;
  readonly message: string;
  readonly event: { readonly reason: string; readonly message: string };
}

/** Events say what is new; a condition that says so already has told it. */
export function report(
  context: ControllerContext,
  autoscaler: HorizontalPodAutoscaler,
  { type, message, event }: Report,
): void {
  const current = autoscaler.status?.conditions?.find((condition) => condition.type === type);
  if (current?.message === message && current.status !== "True") return;
  context.event(autoscaler, "Warning", event.reason, event.message);
}
