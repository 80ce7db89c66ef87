// How a Job ends, and how many pods it should run now. Pure.
// Mirrors pkg/controller/job/{job_controller,success_policy,indexed_job_utils}.go.

import type { InstantMs } from "../../core/index.ts";
import { isTerminating } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { Job, JobCondition } from "./batch-kinds.ts";
import type { JobCounts } from "./job-counts.ts";
import { isPodFailed, matchFailureRule, replacesOnlyFailed } from "./job-failure-policy.ts";
import { indexOfPod, parseIndexes } from "./job-indexes.ts";

export interface JobVerdict {
  readonly type: "Complete" | "Failed";
  readonly reason: string;
  readonly message: string;
}

/** The condition that ends the Job, if it is set. */
export function finalCondition({ status }: Job): JobCondition | undefined {
  return status?.conditions?.find(
    ({ type, status: is }) => (type === "Complete" || type === "Failed") && is === "True",
  );
}

/** The verdict recorded earlier while pods were still ending. */
export function pendingVerdict({ status }: Job): JobVerdict | undefined {
  for (const { type, status: is, reason = "", message = "" } of status?.conditions ?? []) {
    if (is !== "True") continue;
    if (type === "FailureTarget") return { type: "Failed", reason, message };
    if (type === "SuccessCriteriaMet") return { type: "Complete", reason, message };
  }
  return undefined;
}

export function judgeJob(
  job: Job,
  pods: readonly Pod[],
  counts: JobCounts,
  now: InstantMs,
): JobVerdict | undefined {
  return (
    judgeFailurePolicy(job, pods) ??
    judgeBackoff(job, pods, counts) ??
    judgeDeadline(job, now) ??
    judgeFailedIndexes(job, counts) ??
    judgeSuccessPolicy(job, counts) ??
    judgeCompletion(job, counts)
  );
}

function judgeFailurePolicy(job: Job, pods: readonly Pod[]): JobVerdict | undefined {
  const rules = job.spec.podFailurePolicy?.rules;
  for (const pod of rules === undefined ? [] : pods) {
    const match = isPodFailed(pod, job) ? matchFailureRule(pod, rules) : undefined;
    if (match?.action === "FailJob") return failed("PodFailurePolicy", match.message);
  }
  return undefined;
}

function judgeBackoff(
  { spec }: Job,
  pods: readonly Pod[],
  counts: JobCounts,
): JobVerdict | undefined {
  const limit = spec.backoffLimit ?? 6;
  const restarts = spec.template.spec.restartPolicy === "OnFailure" ? sumRestarts(pods) : 0;
  const past = counts.failed > limit || (restarts > 0 && restarts >= limit);
  return past
    ? failed("BackoffLimitExceeded", "Job has reached the specified backoff limit")
    : undefined;
}

function sumRestarts(pods: readonly Pod[]): number {
  let sum = 0;
  for (const { status } of pods) {
    if (status?.phase !== "Running" && status?.phase !== "Pending") continue;
    const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    for (const { restartCount } of all) sum += restartCount;
  }
  return sum;
}

function judgeDeadline(job: Job, now: InstantMs): JobVerdict | undefined {
  const left = untilDeadlineMs(job, now);
  return left !== undefined && left <= 0
    ? failed("DeadlineExceeded", "Job was active longer than specified deadline")
    : undefined;
}

/** Undefined without `activeDeadlineSeconds`, before the start and while suspended. */
export function untilDeadlineMs({ spec, status }: Job, now: InstantMs): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend === true) return undefined;
  if (status?.startTime === undefined) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now;
}

/** Too many failed indexes end the Job at once, others when every index has ended. */
function judgeFailedIndexes(
  { spec }: Job,
  { failedIndexes, succeeded }: JobCounts,
): JobVerdict | undefined {
  const count = failedIndexes?.size ?? 0;
  if (spec.maxFailedIndexes !== undefined && count > spec.maxFailedIndexes) {
    const message = "Job has exceeded the specified maximal number of failed indexes";
    return failed("MaxFailedIndexesExceeded", message);
  }
  return count > 0 && count + succeeded >= (spec.completions ?? 0)
    ? failed("FailedIndexes", "Job has failed indexes")
    : undefined;
}

/** The first rule that the succeeded indexes satisfy. */
function judgeSuccessPolicy(
  { spec }: Job,
  { succeededIndexes }: JobCounts,
): JobVerdict | undefined {
  if (succeededIndexes === undefined || succeededIndexes.size === 0) return undefined;
  const index = spec.successPolicy?.rules.findIndex(
    ({ succeededIndexes: text, succeededCount }) => {
      if (text === undefined) {
        return succeededCount !== undefined && succeededIndexes.size >= succeededCount;
      }
      const required = parseIndexes(text, spec.completions);
      const met = [...required].filter((one) => succeededIndexes.has(one)).length;
      return required.size > 0 && met >= (succeededCount ?? required.size);
    },
  );
  if (index === undefined || index < 0) return undefined;
  return { type: "Complete", reason: "SuccessPolicy", message: `Matched rules at index ${index}` };
}

function judgeCompletion({ spec }: Job, counts: JobCounts): JobVerdict | undefined {
  const enough =
    spec.completions === undefined ? counts.succeeded > 0 : counts.succeeded >= spec.completions;
  return enough && counts.active.length === 0
    ? {
        type: "Complete",
        reason: "CompletionsReached",
        message: "Reached expected number of succeeded pods",
      }
    : undefined;
}

function failed(reason: string, message: string): JobVerdict {
  return { type: "Failed", reason, message };
}

/** How many pods should be active: never more than are still to succeed. */
export function wantedActive({ spec }: Job, counts: JobCounts): number {
  const parallelism = spec.parallelism ?? 1;
  if (spec.completions === undefined) {
    return counts.succeeded > 0 ? counts.active.length : parallelism;
  }
  return Math.max(0, Math.min(spec.completions - counts.succeeded, parallelism));
}

/** The lowest completion indexes that have neither ended for good nor run. */
export function pendingIndexes(
  job: Job,
  pods: readonly Pod[],
  counts: JobCounts,
  count: number,
): readonly number[] {
  const taken = new Set([...(counts.succeededIndexes ?? []), ...(counts.failedIndexes ?? [])]);
  const ending = replacesOnlyFailed(job) ? pods.filter(isTerminating) : [];
  for (const pod of [...counts.active, ...ending]) taken.add(indexOfPod(pod) ?? -1);
  const pending: number[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && pending.length < count; index += 1) {
    if (!taken.has(index)) pending.push(index);
  }
  return pending;
}

/** Active pods to delete: those whose index is doubled or out of range, and `surplus` in all, the least useful first. */
export function surplusPods(
  job: Job,
  active: readonly Pod[],
  surplus: number,
  rank: (pods: readonly Pod[]) => readonly Pod[],
): readonly Pod[] {
  const sorted = rank(active);
  const remove = job.spec.completionMode === "Indexed" ? strayPods(job, sorted) : [];
  const rest = sorted.filter((pod) => !remove.includes(pod));
  return [...remove, ...rest.slice(0, Math.max(0, surplus - remove.length))];
}

/** Of several pods with one index the last of the ranking stays. */
function strayPods({ spec }: Job, sorted: readonly Pod[]): readonly Pod[] {
  const keeper = new Map<number, Pod>();
  for (const pod of sorted) {
    const index = indexOfPod(pod);
    if (index !== undefined && index < (spec.completions ?? 0)) keeper.set(index, pod);
  }
  return sorted.filter((pod) => keeper.get(indexOfPod(pod) ?? -1) !== pod);
}
