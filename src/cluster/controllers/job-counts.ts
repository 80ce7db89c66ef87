// What a Job's pods amount to: active, succeeded and failed, for an indexed Job by index. Pure.
// Mirrors pkg/controller/job/{job_controller,indexed_job_utils}.go.

import { isReady, isTerminating } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { Job } from "./batch-kinds.ts";
import { finishedAt } from "./job-backoff.ts";
import { countsAsFailure, isPodFailed, matchFailureRule } from "./job-failure-policy.ts";
import {
  absoluteFailureCount,
  failureCount,
  hasValidIndex,
  indexOfPod,
  isIndexed,
  parseIndexes,
} from "./job-indexes.ts";

export const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";

export interface JobCounts {
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** Totals including pods that are not in the counters yet. */
  readonly succeeded: number;
  readonly failed: number;
  /** Only of an indexed Job. */
  readonly succeededIndexes?: ReadonlySet<number>;
  /** Only with a back-off limit per index. */
  readonly failedIndexes?: ReadonlySet<number>;
  /** Index → the failed pod that stays until its replacement has taken over its count. */
  readonly delayed: ReadonlyMap<number, Pod>;
}

export function hasTrackingFinalizer({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;
}

export function isFinished({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

export function countJob(job: Job, pods: readonly Pod[]): JobCounts {
  const { uncountedTerminatedPods: uncounted = {}, succeeded = 0, failed = 0 } = job.status ?? {};
  const seen = new Set([...(uncounted.succeeded ?? []), ...(uncounted.failed ?? [])]);
  const fresh = pods.filter(
    (pod) =>
      hasTrackingFinalizer(pod) && !seen.has(pod.metadata.uid ?? "") && hasValidIndex(pod, job),
  );
  const newSucceeded = fresh.filter(({ status }) => status?.phase === "Succeeded");
  const newFailed = fresh.filter((pod) => isPodFailed(pod, job) && countsAsFailure(pod, job));
  const active = pods.filter((pod) => !isFinished(pod) && !isTerminating(pod));
  const live = {
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    failed: failed + (uncounted.failed?.length ?? 0) + newFailed.length,
  };
  if (!isIndexed(job)) {
    const known = succeeded + (uncounted.succeeded?.length ?? 0);
    return { ...live, succeeded: known + newSucceeded.length, delayed: new Map() };
  }
  const succeededIndexes = parseIndexes(job.status?.completedIndexes, job.spec.completions);
  for (const pod of newSucceeded) succeededIndexes.add(indexOfPod(pod) ?? 0);
  const indexed = { ...live, succeeded: succeededIndexes.size, succeededIndexes };
  if (job.spec.backoffLimitPerIndex === undefined) return { ...indexed, delayed: new Map() };
  const failedIndexes = findFailedIndexes(job, pods);
  const done = new Set([...succeededIndexes, ...failedIndexes]);
  return { ...indexed, failedIndexes, delayed: findDelayed(job, pods, done) };
}

/** Indexes whose pods have failed more often than allowed, or that a rule has given up. */
function findFailedIndexes(job: Job, pods: readonly Pod[]): ReadonlySet<number> {
  const failed = parseIndexes(job.status?.failedIndexes, job.spec.completions);
  for (const pod of pods) {
    if (!hasTrackingFinalizer(pod) || !hasValidIndex(pod, job) || !isPodFailed(pod, job)) continue;
    if (failsIndex(pod, job)) failed.add(indexOfPod(pod) ?? 0);
  }
  return failed;
}

function failsIndex(pod: Pod, job: Job): boolean {
  const { podFailurePolicy, backoffLimitPerIndex = 0 } = job.spec;
  if (matchFailureRule(pod, podFailurePolicy?.rules)?.action === "FailIndex") return true;
  return countsAsFailure(pod, job) && failureCount(pod) >= backoffLimitPerIndex;
}

/** The last failed pod of every index that is to be tried again and has no pod yet. */
function findDelayed(
  job: Job,
  pods: readonly Pod[],
  done: ReadonlySet<number>,
): ReadonlyMap<number, Pod> {
  const taken = new Set(done);
  for (const pod of pods) {
    if (!isFinished(pod) && !isTerminating(pod)) taken.add(indexOfPod(pod) ?? -1);
  }
  const delayed = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOfPod(pod);
    if (index === undefined || taken.has(index) || !hasValidIndex(pod, job)) continue;
    if (!hasTrackingFinalizer(pod) || !isPodFailed(pod, job)) continue;
    const last = delayed.get(index);
    if (last === undefined || isLaterFailure(pod, last)) delayed.set(index, pod);
  }
  return delayed;
}

function isLaterFailure(pod: Pod, last: Pod): boolean {
  if (absoluteFailureCount(last) > absoluteFailureCount(pod)) return false;
  return finishedAt(last) <= finishedAt(pod);
}
