// How a Job ends, and how many pods it should run now. Pure.
// Mirrors pkg/controller/job/{job_controller,pod_failure_policy,backoff_utils}.go.

import type { InstantMs } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { FailureRule, Job, JobCondition } from "./batch-kinds.ts";
import { indexOfPod, isFinished, parseIndexes } from "./job-counts.ts";
import type { JobCounts } from "./job-counts.ts";

export interface JobVerdict {
  readonly type: "Complete" | "Failed";
  readonly reason: string;
  readonly message: string;
}

const POD_BACKOFF_FIRST_MS = 10_000;
const POD_BACKOFF_MAX_MS = 600_000;

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
    judgeCompletion(job, counts)
  );
}

function judgeBackoff(
  { spec }: Job,
  pods: readonly Pod[],
  counts: JobCounts,
): JobVerdict | undefined {
  const limit = spec.backoffLimit ?? 6;
  const ignored = pods.filter(
    (pod) => matchFailureRule(pod, spec.podFailurePolicy?.rules)?.action === "Ignore",
  );
  const restarts =
    spec.template.spec.restartPolicy === "OnFailure" ? sumRestarts(counts.active) : 0;
  const failed = counts.failed - Math.min(counts.failed, ignored.length);
  const past = failed > limit || (restarts > 0 && restarts >= limit);
  return past
    ? {
        type: "Failed",
        reason: "BackoffLimitExceeded",
        message: "Job has reached the specified backoff limit",
      }
    : undefined;
}

function sumRestarts(pods: readonly Pod[]): number {
  let sum = 0;
  for (const { status } of pods) {
    const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
    for (const { restartCount } of all) sum += restartCount;
  }
  return sum;
}

function judgeDeadline(job: Job, now: InstantMs): JobVerdict | undefined {
  const left = untilDeadlineMs(job, now);
  return left !== undefined && left <= 0
    ? {
        type: "Failed",
        reason: "DeadlineExceeded",
        message: "Job was active longer than specified deadline",
      }
    : undefined;
}

/** Undefined without `activeDeadlineSeconds`, before the start and while suspended. */
export function untilDeadlineMs({ spec, status }: Job, now: InstantMs): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend === true) return undefined;
  if (status?.startTime === undefined) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now;
}

function judgeCompletion({ spec }: Job, counts: JobCounts): JobVerdict | undefined {
  const complete =
    spec.completions === undefined
      ? counts.succeeded > 0 && counts.active.length === 0
      : counts.succeeded >= spec.completions;
  return complete
    ? {
        type: "Complete",
        reason: "CompletionsReached",
        message: "Reached expected number of succeeded pods",
      }
    : undefined;
}

function judgeFailurePolicy({ spec }: Job, pods: readonly Pod[]): JobVerdict | undefined {
  for (const pod of pods) {
    const match = matchFailureRule(pod, spec.podFailurePolicy?.rules);
    if (match?.action !== "FailJob") continue;
    return { type: "Failed", reason: "PodFailurePolicy", message: match.message };
  }
  return undefined;
}

interface RuleMatch {
  readonly action: FailureRule["action"];
  readonly message: string;
}

/** The first rule that a failed pod matches. */
export function matchFailureRule(
  pod: Pod,
  rules: readonly FailureRule[] | undefined,
): RuleMatch | undefined {
  if (rules === undefined || pod.status?.phase !== "Failed") return undefined;
  const subject = `pod ${pod.metadata.namespace}/${pod.metadata.name}`;
  for (const [index, rule] of rules.entries()) {
    const suffix = `matching ${rule.action} rule at index ${index}`;
    const exit = matchExitCode(pod, rule);
    if (exit !== undefined) {
      const message = `Container ${exit.name} for ${subject} failed with exit code ${exit.code} ${suffix}`;
      return { action: rule.action, message };
    }
    const condition = rule.onPodConditions?.find(({ type, status = "True" }) =>
      pod.status?.conditions?.some((has) => has.type === type && has.status === status),
    );
    if (condition === undefined) continue;
    return {
      action: rule.action,
      message: `Pod ${subject.slice(4)} has condition ${condition.type} ${suffix}`,
    };
  }
  return undefined;
}

function matchExitCode(
  { status }: Pod,
  { onExitCodes: wanted }: FailureRule,
): { readonly name: string; readonly code: number } | undefined {
  if (wanted === undefined) return undefined;
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const { name, state } of all) {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (wanted.containerName !== undefined && wanted.containerName !== name))
      continue;
    if (wanted.values.includes(code) === (wanted.operator === "In")) return { name, code };
  }
  return undefined;
}

/** How many pods should be active: never more than are still to succeed. */
export function wantedActive({ spec }: Job, counts: JobCounts): number {
  const parallelism = spec.parallelism ?? 1;
  if (spec.completions === undefined) {
    return counts.succeeded > 0 ? counts.active.length : parallelism;
  }
  return Math.max(0, Math.min(spec.completions - counts.succeeded, parallelism));
}

/** How long a new pod has to wait after failures in a row: 10 s doubling to 10 min since the last one. */
export function creationDelayMs(pods: readonly Pod[], now: InstantMs): number {
  const finished = pods.filter(isFinished).toSorted((a, b) => finishedAt(a) - finishedAt(b));
  const lastSuccess = finished.findLastIndex(({ status }) => status?.phase === "Succeeded");
  const failures = finished.slice(lastSuccess + 1);
  const last = failures.at(-1);
  if (last === undefined) return 0;
  const backoff = Math.min(POD_BACKOFF_FIRST_MS * 2 ** (failures.length - 1), POD_BACKOFF_MAX_MS);
  return Math.max(0, finishedAt(last) + backoff - now);
}

function finishedAt({ status, metadata }: Pod): number {
  const ends = (status?.containerStatuses ?? []).flatMap(({ state }) =>
    state?.terminated?.finishedAt === undefined ? [] : [Date.parse(state.terminated.finishedAt)],
  );
  return ends.length > 0 ? Math.max(...ends) : Date.parse(metadata.creationTimestamp ?? "");
}

/** The lowest completion indexes that neither succeeded nor run. */
export function missingIndexes(job: Job, pods: readonly Pod[], count: number): readonly number[] {
  const taken = parseIndexes(job.status?.completedIndexes);
  for (const pod of pods) {
    const index = indexOfPod(pod);
    if (index !== undefined && pod.status?.phase !== "Failed") taken.add(index);
  }
  const missing: number[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && missing.length < count; index += 1) {
    if (!taken.has(index)) missing.push(index);
  }
  return missing;
}
