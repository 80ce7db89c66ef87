// Which pods go first when there are too many. Mirrors ActivePodsWithRanks in pkg/controller/controller_utils.go:
// unassigned < pending < not ready < lower deletion cost < doubled up on a node < ready for less time
// < more restarts < newer. Times count by powers of two, so that pods of about the same age fall at random (by uid).

import { isReady, podCondition } from "../../kubernetes/index.ts";
import type { ContainerStatus, Pod } from "../../kubernetes/index.ts";
import type { InstantMs } from "../../core/index.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** All pods, those to delete first at the front. `siblings` are all pods of the same workload. */
export function sortForDeletion(
  pods: readonly Pod[],
  siblings: readonly Pod[],
  now: InstantMs,
): readonly Pod[] {
  const perNode = new Map<string, number>();
  for (const { spec } of siblings) {
    if (spec.nodeName) perNode.set(spec.nodeName, (perNode.get(spec.nodeName) ?? 0) + 1);
  }
  const ranked = pods.map((pod) => ({
    pod,
    rank: [
      pod.spec.nodeName ? 1 : 0,
      PHASE_RANK[pod.status?.phase ?? "Pending"] ?? 0,
      isReady(pod) ? 1 : 0,
      deletionCost(pod),
      -(perNode.get(pod.spec.nodeName ?? "") ?? 0),
    ],
    ready: isReady(pod) ? ageRank(podCondition(pod, "Ready")?.lastTransitionTime, now) : undefined,
    restarts: restarts(pod),
    created: ageRank(pod.metadata.creationTimestamp, now),
  }));
  return ranked.toSorted(compareRanked).map(({ pod }) => pod);
}

interface RankedPod {
  readonly pod: Pod;
  readonly rank: readonly number[];
  /** Ranks of times; undefined when there is none. */
  readonly ready: Age | undefined;
  readonly restarts: readonly [containers: number, sidecars: number];
  readonly created: Age | undefined;
}

/** Unequal times of the same rank are settled by uid, equal times by the next rule. */
interface Age {
  readonly at: InstantMs;
  readonly log: number;
}

function ageRank(time: string | undefined, now: InstantMs): Age | undefined {
  if (time === undefined) return undefined;
  const at = Date.parse(time);
  // Durations are nanoseconds there; a time that has not come yet ranks below all.
  return { at, log: now > at ? Math.floor(Math.log2((now - at) * 1e6)) : -1 };
}

function compareRanked(a: RankedPod, b: RankedPod): number {
  return (
    compareNumbers(a.rank, b.rank) ||
    compareAges(a.ready, b.ready, a.pod, b.pod) ||
    compareNumbers(b.restarts, a.restarts) ||
    compareAges(a.created, b.created, a.pod, b.pod)
  );
}

/** No time counts as the shortest one. */
function compareAges(a: Age | undefined, b: Age | undefined, first: Pod, second: Pod): number {
  if (a?.at === b?.at) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return a.log - b.log || ((first.metadata.uid ?? "") < (second.metadata.uid ?? "") ? -1 : 1);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Anything but a whole number counts as none. */
function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[DELETION_COST] ?? "";
  return /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

function restarts({ spec, status }: Pod): RankedPod["restarts"] {
  const most = (statuses: readonly ContainerStatus[] = []): number =>
    Math.max(0, ...statuses.map(({ restartCount }) => restartCount));
  const sidecars = new Set(
    (spec.initContainers ?? []).flatMap(({ name, restartPolicy }) =>
      restartPolicy === "Always" ? [name] : [],
    ),
  );
  const init = status?.initContainerStatuses?.filter(({ name }) => sidecars.has(name));
  return [most(status?.containerStatuses), most(init)];
}
