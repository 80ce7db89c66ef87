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
): readonly number[] {
  const totals = candidates.map(() => 0);
  const add = (weight: number, scores: readonly number[] | undefined): void => {
    if (scores === undefined) return;
    for (let index = 0; index < scores.length; index += 1) {
      totals[index] = (totals[index] ?? 0) + weight * (scores[index] ?? 0);
    }
  };
  add(3, scoreTaints(pod, candidates));
  add(2, scoreNodeAffinity(pod, candidates));
  add(2, scoreSpread(pod, candidates, state));
  add(2, scorePodAffinity(pod, candidates, state));
  add(1, scoreLeastAllocated(pod, candidates));
  add(1, scoreBalance(pod, candidates));
  if (state.knowsImages) add(1, scoreImages(pod, candidates, state.nodes));
  return totals;
}

/** Fewer taints that the pod would rather avoid are better. */
export function scoreTaints(
  pod: Pod,
  candidates: readonly NodeState[],
): readonly number[] | undefined {
  if (!candidates.some(({ room }) => room.isGuarded)) return undefined;
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

function scoreLeastAllocated({ spec }: Pod, candidates: readonly NodeState[]): readonly number[] {
  const requests = podNonZeroRequests(spec);
  return candidates.map((candidate) => leastAllocated(requests, candidate));
}

/** The share of CPU and memory that is left with the pod there; what the node has none of does not count. */
export function leastAllocated(requests: Amounts, { room }: NodeState): number {
  const cpu = leftOf(room.cpu, room.askedCpu + (requests.get("cpu") ?? 0));
  const memory = leftOf(room.memory, room.askedMemory + (requests.get("memory") ?? 0));
  if (room.cpu === 0) return memory;
  return room.memory === 0 ? cpu : Math.floor((cpu + memory) / 2);
}

/** 0–100. */
function leftOf(capacity: number, requested: number): number {
  return requested >= capacity ? 0 : Math.floor(((capacity - requested) * MAX) / capacity);
}

/** Undefined for a pod that asks for neither CPU nor memory. */
function scoreBalance(pod: Pod, candidates: readonly NodeState[]): readonly number[] | undefined {
  const requests = podRequests(pod.spec);
  if (!requests.get("cpu") && !requests.get("memory")) return undefined;
  return candidates.map((candidate) => balancedAllocation(requests, candidate));
}

/** How evenly CPU and memory are used with the pod there: half the difference of the two shares is lost. */
export function balancedAllocation(requests: Amounts, node: NodeState): number {
  const cpu = shareOf(node, requests, "cpu");
  const memory = shareOf(node, requests, "memory");
  if (cpu === undefined || memory === undefined) return MAX;
  return Math.trunc((1 - Math.abs(cpu - memory) / 2) * MAX);
}

/** Up to 1; undefined when the node has none of the resource. */
function shareOf(
  { allocatable, requested }: NodeState,
  requests: Amounts,
  resource: string,
): number | undefined {
  const capacity = allocatable.get(resource) ?? 0;
  if (capacity === 0) return undefined;
  return Math.min(1, ((requested.get(resource) ?? 0) + (requests.get(resource) ?? 0)) / capacity);
}
