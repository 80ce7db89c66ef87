// When a pod counts as ready and as available, and which changes of a pod a workload cares about.
// Mirrors pkg/api/v1/pod/util.go (IsPodAvailable).

import type { InstantMs } from "../../core/index.ts";
import { isReady, isTerminal, isTerminating, podCondition } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";

/** Milliseconds until a ready pod has been ready for long enough; undefined when it is not ready. */
export function untilAvailableMs(
  pod: Pod,
  minReadySeconds: number,
  now: InstantMs,
): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = podCondition(pod, "Ready")?.lastTransitionTime;
  if (since === undefined) return undefined;
  return Math.max(0, Date.parse(since) + minReadySeconds * 1000 - now);
}

export function isAvailable(pod: Pod, minReadySeconds: number, now: InstantMs): boolean {
  return untilAvailableMs(pod, minReadySeconds, now) === 0;
}

/** Neither finished nor on its way out. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isTerminating(pod);
}

/** False for changes such as an address or a start time, which no workload controller acts on. */
export function changesWorkload(current: Pod | undefined, old: Pod | undefined): boolean {
  if (current === undefined || old === undefined) return true;
  return (
    current.metadata.labels !== old.metadata.labels ||
    current.metadata.ownerReferences !== old.metadata.ownerReferences ||
    current.metadata.deletionTimestamp !== old.metadata.deletionTimestamp ||
    current.metadata.finalizers !== old.metadata.finalizers ||
    current.status?.phase !== old.status?.phase ||
    (current.status?.conditions !== old.status?.conditions && isReady(current) !== isReady(old))
  );
}
