// What a Job's pod failure policy says about a failed pod. Pure.
// Mirrors pkg/controller/job/pod_failure_policy.go.

import type { ContainerStatus, Pod } from "../../kubernetes/index.ts";
import type { FailureRule, Job } from "./batch-kinds.ts";
import { isTerminating } from "../../kubernetes/index.ts";

export interface RuleMatch {
  readonly action: FailureRule["action"];
  /** Why the Job fails on account of the pod. */
  readonly message: string;
}

/** The first rule that a failed pod matches. */
export function matchFailureRule(
  pod: Pod,
  rules: readonly FailureRule[] | undefined,
): RuleMatch | undefined {
  if (rules === undefined) return undefined;
  const { namespace, name } = pod.metadata;
  for (const [index, { action, onExitCodes, onPodConditions }] of rules.entries()) {
    const suffix = `matching ${action} rule at index ${index}`;
    const exit = onExitCodes && findContainer(pod, onExitCodes);
    if (exit !== undefined) {
      const code = exit.state?.terminated?.exitCode;
      const message = `Container ${exit.name} for pod ${namespace}/${name} failed with exit code ${code} ${suffix}`;
      return { action, message };
    }
    if (onExitCodes !== undefined) continue;
    const condition = pod.status?.conditions?.find((has) =>
      onPodConditions?.some(
        ({ type, status = "True" }) => has.type === type && has.status === status,
      ),
    );
    if (condition === undefined) continue;
    const message = `Pod ${namespace}/${name} has condition ${condition.type} ${suffix}`;
    return { action, message };
  }
  return undefined;
}

/** A container that ended with a code other than zero that the rule names; the main containers first. */
function findContainer(
  { status }: Pod,
  { containerName, operator, values }: NonNullable<FailureRule["onExitCodes"]>,
): ContainerStatus | undefined {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find(({ name, state }) => {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return values.includes(code) === (operator === "In");
  });
}

/** True when only ended pods are replaced, so that one that is ending is no failure yet. */
export function replacesOnlyFailed({ spec }: Job): boolean {
  return spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined;
}

/** A pod that is being deleted counts as failed, unless the Job waits for it to end. */
export function isPodFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === "Failed") return true;
  if (replacesOnlyFailed(job)) return false;
  return isTerminating(pod) && pod.status?.phase !== "Succeeded";
}

/** False for a failure that the policy ignores. */
export function countsAsFailure(pod: Pod, { spec }: Job): boolean {
  return matchFailureRule(pod, spec.podFailurePolicy?.rules)?.action !== "Ignore";
}
