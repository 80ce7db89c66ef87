// Which pods go first when there are too many. Mirrors ActivePodsWithRanks in pkg/controller/controller_utils.go:
// unassigned < pending < not ready < lower deletion cost < doubled up on a node < ready for less time
// < more restarts < newer.

import { isReady, podCondition } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** All pods, those to delete first at the front. `siblings` are all pods of the same workload. */
export function sortForDeletion(pods: readonly Pod[], siblings: readonly Pod[]): readonly Pod[] {
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
      Number(pod.metadata.annotations?.[DELETION_COST] ?? 0),
      -(perNode.get(pod.spec.nodeName ?? "") ?? 0),
      -readySince(pod),
      -restarts(pod),
      -Date.parse(pod.metadata.creationTimestamp ?? "1970-01-01"),
    ],
  }));
  return ranked.toSorted((a, b) => compareRanks(a.rank, b.rank)).map(({ pod }) => pod);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Milliseconds since the epoch; 0 while not ready. */
function readySince(pod: Pod): number {
  const since = isReady(pod) ? podCondition(pod, "Ready")?.lastTransitionTime : undefined;
  return since === undefined ? 0 : Date.parse(since);
}

function restarts(pod: Pod): number {
  const statuses = pod.status?.containerStatuses ?? [];
  return Math.max(0, ...statuses.map(({ restartCount }) => restartCount));
}
