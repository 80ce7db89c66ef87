// Which of the nodes that fit is best: kube-scheduler's scores with its default weights, each 0–100 in whole numbers.
// Mirrors scheduler/apis/config/v1 default_plugins.go and the score plug-ins of pkg/scheduler/framework/plugins: taints
// 3; node affinity, pod affinity and spread 2; least and balanced allocation and image locality 1.

import {
  countUntoleratedPreferences,
  podNonZeroRequests,
  podRequests,
  preferredNodeAffinityWeight,
  preparePreferredPodAffinity,
  scoreSpread,
} from "../../kubernetes/index.ts";
import type { Amounts, NodeState, Pod, SchedulingState } from "../../kubernetes/index.ts";
import { scoreImages } from "./image-score.ts";

const MAX = 100;
/** What the resource scores look at, with equal weights. */
const SCORED: readonly string[] = ["cpu", "memory"];

/** The candidates with the highest total; several when they tie. */
export function bestNodes(
  pod: Pod,
  candidates: readonly NodeState[],
  state: SchedulingState,
): readonly NodeState[] {
  if (candidates.length < 2) return candidates;
  const totals = scoreNodes(pod, candidates, state);
  let highest = -Infinity;
  for (const total of totals) if (total > highest) highest = total;
  return candidates.filter((_, index) => totals[index] === highest);
}

/** The weighted sum of all scores, in the order of the candidates. */
export function scoreNodes(
  pod: Pod,
  candidates: readonly NodeState[],
  state: SchedulingState,
): Float64Array {
  const totals = new Float64Array(candidates.length);
  const add = (weight: number, scores: readonly number[] | undefined): void => {
    for (const [index, score] of (scores ?? []).entries()) {
      totals[index] = (totals[index] ?? 0) + weight * score;
    }
  };
  add(3, scoreTaints(pod, candidates));
  add(2, scoreNodeAffinity(pod, candidates));
  add(2, scoreSpread(pod, candidates, state));
  add(2, scorePodAffinity(pod, candidates, state));
  add(
    1,
    candidates.map((candidate) => leastAllocated(pod, candidate)),
  );
  add(1, scoreBalance(pod, candidates));
  add(1, scoreImages(pod, candidates, state.nodes));
  return totals;
}

/** Fewer taints that the pod would rather avoid are better. */
export function scoreTaints(
  pod: Pod,
  candidates: readonly NodeState[],
): readonly number[] | undefined {
  if (!candidates.some(({ node }) => node.spec?.taints?.length)) return undefined;
  const { tolerations } = pod.spec;
  const counts = candidates.map(({ node }) =>
    countUntoleratedPreferences(node.spec?.taints, tolerations),
  );
  const most = Math.max(...counts);
  return counts.map((count) => (most === 0 ? MAX : MAX - Math.floor((MAX * count) / most)));
}

export function scoreNodeAffinity(
  { spec }: Pod,
  candidates: readonly NodeState[],
): readonly number[] | undefined {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  if (preferred === undefined || preferred.length === 0) return undefined;
  const sums = candidates.map(({ node }) => preferredNodeAffinityWeight(spec, node));
  const most = Math.max(...sums);
  return sums.map((sum) => (most === 0 ? 0 : Math.floor((MAX * sum) / most)));
}

/** Scaled from the lowest to the highest sum; equal sums say nothing. */
export function scorePodAffinity(
  pod: Pod,
  candidates: readonly NodeState[],
  state: SchedulingState,
): readonly number[] | undefined {
  const sumOf = preparePreferredPodAffinity(pod, state);
  if (sumOf === undefined) return undefined;
  const sums = candidates.map(sumOf);
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  if (low === high) return undefined;
  return sums.map((sum) => Math.trunc((MAX * (sum - low)) / (high - low)));
}

/** The share of CPU and memory that is left with the pod there. */
export function leastAllocated({ spec }: Pod, { allocatable, nonZero }: NodeState): number {
  const requests = podNonZeroRequests(spec);
  let [sum, count] = [0, 0];
  for (const resource of SCORED) {
    const capacity = allocatable.get(resource) ?? 0;
    if (capacity === 0) continue;
    const requested = (nonZero.get(resource) ?? 0) + (requests.get(resource) ?? 0);
    count += 1;
    if (requested <= capacity) sum += Math.floor(((capacity - requested) * MAX) / capacity);
  }
  return count === 0 ? 0 : Math.floor(sum / count);
}

/** Undefined for a pod that asks for neither CPU nor memory. */
function scoreBalance(pod: Pod, candidates: readonly NodeState[]): readonly number[] | undefined {
  const requests = podRequests(pod.spec);
  if (SCORED.every((resource) => (requests.get(resource) ?? 0) === 0)) return undefined;
  return candidates.map((candidate) => balancedAllocation(requests, candidate));
}

/** How evenly CPU and memory are used with the pod there: half the difference of the two shares is lost. */
export function balancedAllocation(
  requests: Amounts,
  { allocatable, requested }: NodeState,
): number {
  const shares = SCORED.flatMap((resource) => {
    const capacity = allocatable.get(resource) ?? 0;
    const used = (requested.get(resource) ?? 0) + (requests.get(resource) ?? 0);
    return capacity === 0 ? [] : [Math.min(1, used / capacity)];
  });
  const [first = 0, second = first] = shares;
  return Math.trunc((1 - Math.abs(first - second) / 2) * MAX);
}
