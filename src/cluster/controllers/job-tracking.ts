// Takes ended pods into a Job's counters so that none is lost or counted twice: the status names them, their finalizers
// go, then the counters grow. Mirrors pkg/controller/job/job_controller.go (trackJobStatusAndRemoveFinalizers).

import { isTerminating, refOf, unlessOvertaken } from "../../kubernetes/index.ts";
import type { KubeApi, Pod } from "../../kubernetes/index.ts";
import type { Job, JobStatus } from "./batch-kinds.ts";
import { hasTrackingFinalizer, TRACKING_FINALIZER } from "./job-counts.ts";
import type { JobCounts } from "./job-counts.ts";
import { countsAsFailure, isPodFailed } from "./job-failure-policy.ts";
import { formatIndexes, hasValidIndex, indexOfPod, isIndexed } from "./job-indexes.ts";
import type { JobVerdict } from "./job-outcome.ts";
import { omitZero } from "./write-status.ts";

/** Names in `uncountedTerminatedPods` at once (`MaxUncountedPods`). */
const UNCOUNTED_MAX = 500;

export interface PodTracking {
  /** Pods whose finalizers may go once the status has been written. */
  readonly release: readonly Pod[];
  /** The counting part of the status. */
  readonly status: JobStatus;
  /** True when some pods have to wait for the next round. */
  readonly more: boolean;
}

export function trackPods(
  job: Job,
  pods: readonly Pod[],
  counts: JobCounts,
  verdict: JobVerdict | undefined,
): PodTracking {
  const before = settleCounters(job.status ?? {}, pods);
  const succeeded = [...(before.uncountedTerminatedPods?.succeeded ?? [])];
  const failed = [...(before.uncountedTerminatedPods?.failed ?? [])];
  const tracked = pods.filter(
    (pod) => hasTrackingFinalizer(pod) && mayRelease(job, pod, counts, verdict),
  );
  const release: Pod[] = [];
  for (const pod of tracked) {
    if (succeeded.length + failed.length >= UNCOUNTED_MAX) break;
    release.push(pod);
    const uid = pod.metadata.uid ?? "";
    if (succeeded.includes(uid) || failed.includes(uid)) continue;
    if (pod.status?.phase === "Succeeded") {
      // The index is enough to count an indexed pod once.
      if (!isIndexed(job)) succeeded.push(uid);
    } else if (isPodFailed(pod, job) || verdict?.type === "Failed") {
      if (hasValidIndex(pod, job) && countsAsFailure(pod, job)) failed.push(uid);
    }
  }
  const { succeededIndexes, failedIndexes } = counts;
  return {
    release,
    more: release.length < tracked.length,
    status: {
      ...before,
      ...(succeededIndexes === undefined ? {} : completed(succeededIndexes)),
      ...(failedIndexes === undefined ? {} : { failedIndexes: formatIndexes(failedIndexes) }),
      uncountedTerminatedPods: omitEmpty({ succeeded, failed }),
    },
  };
}

function completed(indexes: ReadonlySet<number>): JobStatus {
  return {
    ...omitZero({ succeeded: indexes.size }),
    ...(indexes.size === 0 ? {} : { completedIndexes: formatIndexes(indexes) }),
  };
}

/** A failed pod of an index that is tried again stays until its replacement has its count. */
function mayRelease(
  job: Job,
  pod: Pod,
  { delayed }: JobCounts,
  verdict: JobVerdict | undefined,
): boolean {
  if (isTerminating(job) || verdict !== undefined || pod.status?.phase === "Succeeded") return true;
  if (!isPodFailed(pod, job)) return false;
  return delayed.get(indexOfPod(pod) ?? -1)?.metadata.uid !== pod.metadata.uid;
}

/** Moves the pods that have lost their finalizers from the list into the counters. */
export function settleCounters(status: JobStatus, pods: readonly Pod[]): JobStatus {
  const held = new Set(pods.filter(hasTrackingFinalizer).map(({ metadata }) => metadata.uid ?? ""));
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const left = {
    succeeded: succeeded.filter((uid) => held.has(uid)),
    failed: failed.filter((uid) => held.has(uid)),
  };
  return {
    ...status,
    ...omitZero({
      succeeded: (status.succeeded ?? 0) + succeeded.length - left.succeeded.length,
      failed: (status.failed ?? 0) + failed.length - left.failed.length,
    }),
    uncountedTerminatedPods: omitEmpty(left),
  };
}

export function hasUncounted({ uncountedTerminatedPods: named = {} }: JobStatus): boolean {
  return (named.succeeded?.length ?? 0) + (named.failed?.length ?? 0) > 0;
}

export async function removeTrackingFinalizer(api: KubeApi, pod: Pod): Promise<void> {
  if (!hasTrackingFinalizer(pod)) return;
  const finalizers = pod.metadata.finalizers?.filter((name) => name !== TRACKING_FINALIZER) ?? [];
  const { uid, resourceVersion } = pod.metadata;
  const left = finalizers.length === 0 ? null : finalizers;
  const body = { metadata: { uid, resourceVersion, finalizers: left } };
  await unlessOvertaken(api.patch(refOf(pod), { type: "merge", body }));
}

function omitEmpty<T extends Readonly<Record<string, readonly unknown[]>>>(lists: T): Partial<T> {
  const kept = Object.entries(lists).filter(([, list]) => list.length > 0);
  // Only empty members have been left out.
  return Object.fromEntries(kept) as Partial<T>;
}
