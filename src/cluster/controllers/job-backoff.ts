// How long a Job waits before it replaces failed pods: 10 s doubling to 10 min, for the whole Job or per index. Pure.
// Mirrors pkg/controller/job/backoff_utils.go.

import type { InstantMs } from "../../core/index.ts";
import { podCondition } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { Job } from "./batch-kinds.ts";
import { isPodFailed } from "./job-failure-policy.ts";
import { absoluteFailureCount } from "./job-indexes.ts";

const BACKOFF_FIRST_MS = 10_000;
const BACKOFF_MAX_MS = 600_000;

/** Milliseconds left after this many failures in a row, the last of them at `lastFailureAt`. */
export function remainingBackoffMs(
  failures: number,
  lastFailureAt: InstantMs,
  now: InstantMs,
): number {
  if (failures <= 0) return 0;
  const backoff = Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_MAX_MS);
  return Math.max(0, lastFailureAt + backoff - now);
}

/** Counts the failures since the last success. */
export function creationDelayMs(job: Job, pods: readonly Pod[], now: InstantMs): number {
  const ended = pods
    .filter((pod) => pod.status?.phase === "Succeeded" || isPodFailed(pod, job))
    .toSorted((a, b) => finishedAt(a) - finishedAt(b));
  const lastSuccess = ended.findLastIndex(({ status }) => status?.phase === "Succeeded");
  const failures = ended.slice(lastSuccess + 1);
  const last = failures.at(-1);
  return last === undefined ? 0 : remainingBackoffMs(failures.length, finishedAt(last), now);
}

/** For one index, whose pods carry the number of failures before them. */
export function indexDelayMs(lastFailed: Pod | undefined, now: InstantMs): number {
  if (lastFailed === undefined) return 0;
  return remainingBackoffMs(absoluteFailureCount(lastFailed) + 1, finishedAt(lastFailed), now);
}

/** When its containers ended, else when it stopped being ready, was deleted, or was made. */
export function finishedAt(pod: Pod): InstantMs {
  const { status, metadata } = pod;
  const statuses = status?.containerStatuses ?? [];
  const ends = statuses.map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ""));
  if (ends.length > 0 && ends.every((end) => !Number.isNaN(end))) return Math.max(...ends);
  const ready = podCondition(pod, "Ready");
  if (ready?.status === "False" && ready.lastTransitionTime !== undefined) {
    return Date.parse(ready.lastTransitionTime);
  }
  if (metadata.deletionTimestamp !== undefined) {
    const grace = metadata.deletionGracePeriodSeconds ?? 0;
    return Date.parse(metadata.deletionTimestamp) - grace * 1000;
  }
  return Date.parse(metadata.creationTimestamp ?? "");
}
