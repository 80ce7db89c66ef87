// Counting a Job's pods so that none is lost or counted twice: every pod carries a finalizer until it is in the
// status. Mirrors pkg/controller/job/job_controller.go (trackJobStatusAndRemoveFinalizers), in three steps:
// name the finished pods in the status, take their finalizers, then add them to the counters.

import { isReady, isTerminating } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { Job } from "./batch-kinds.ts";

export const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";
export const INDEX_ANNOTATION = "batch.kubernetes.io/job-completion-index";

export interface JobCounts {
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** Finished pods that still hold the finalizer. */
  readonly newSucceeded: readonly Pod[];
  readonly newFailed: readonly Pod[];
  /** Totals including those that are not in the counters yet. */
  readonly succeeded: number;
  readonly failed: number;
}

export function hasTrackingFinalizer({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;
}

export function countJob(job: Job, pods: readonly Pod[]): JobCounts {
  const uncounted = job.status?.uncountedTerminatedPods ?? {};
  const seen = new Set([...(uncounted.succeeded ?? []), ...(uncounted.failed ?? [])]);
  const fresh = pods.filter(
    (pod) => hasTrackingFinalizer(pod) && !seen.has(pod.metadata.uid ?? ""),
  );
  const newSucceeded = fresh.filter(({ status }) => status?.phase === "Succeeded");
  const newFailed = fresh.filter((pod) => isFailed(pod, job));
  const active = pods.filter((pod) => !isFinished(pod) && !isTerminating(pod));
  const count = (done: number | undefined, ...more: readonly (readonly unknown[] | undefined)[]) =>
    more.reduce((sum, list) => sum + (list?.length ?? 0), done ?? 0);
  return {
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    newSucceeded,
    newFailed,
    succeeded: count(job.status?.succeeded, uncounted.succeeded, newSucceeded),
    failed: count(job.status?.failed, uncounted.failed, newFailed),
  };
}

export function isFinished({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** A pod that is being deleted counts as failed, unless the Job waits for it to end. */
function isFailed(pod: Pod, { spec }: Job): boolean {
  if (pod.status?.phase === "Failed") return true;
  if (spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined) return false;
  return isTerminating(pod) && pod.status?.phase !== "Succeeded";
}

/** Completion indexes of succeeded pods, as `0,2-4`. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].toSorted((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const [first, last] = [sorted[start] ?? 0, sorted[end] ?? 0];
    parts.push(first === last ? `${first}` : `${first}${last - first === 1 ? "," : "-"}${last}`);
    start = end + 1;
  }
  return parts.join(",");
}

export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? "").split(",").filter((piece) => piece !== "")) {
    const [first, last = first] = part.split("-").map(Number);
    for (let index = first ?? 0; index <= (last ?? 0); index += 1) indexes.add(index);
  }
  return indexes;
}

export function indexOfPod({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[INDEX_ANNOTATION];
  return text === undefined ? undefined : Number(text);
}
