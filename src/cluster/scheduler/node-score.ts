// Which of the nodes that fit is best: kube-scheduler's scores with its default weights, each scaled to 0–100.
// Mirrors scheduler/apis/config/v1 default_plugins.go: taints 3; node affinity, pod affinity and spread 2; least
// allocated 1. Balanced allocation and image locality are left out: images are not real here.

import {
  controllerUid,
  countUntoleratedPreferences,
  podRequests,
  preferredNodeAffinityWeight,
  preparePreferredPodAffinity,
  prepareSoftSpread,
} from "../../kubernetes/index.ts";
import type {
  Amounts,
  DomainCounter,
  NodeState,
  Pod,
  SchedulingState,
} from "../../kubernetes/index.ts";

const ZONE = "topology.kubernetes.io/zone";
/** What a container without requests counts as, so that such pods spread too (util/pod_resources.go). */
const DEFAULT_MILLI_CPU = 100;
const DEFAULT_MEMORY = 200 * 1024 * 1024;

interface Score {
  readonly weight: number;
  /** A larger raw value is worse. */
  readonly inverted: boolean;
  raw(candidate: NodeState): number;
}

/** The candidates with the highest total; several when they tie. */
export function bestNodes(
  pod: Pod,
  candidates: readonly NodeState[],
  state: SchedulingState,
): readonly NodeState[] {
  if (candidates.length < 2) return candidates;
  const totals = new Float64Array(candidates.length);
  for (const score of scoresFor(pod, candidates, state)) addScore(totals, candidates, score);
  let highest = -Infinity;
  for (const total of totals) if (total > highest) highest = total;
  return candidates.filter((_, index) => totals[index] === highest);
}

function scoresFor(
  pod: Pod,
  candidates: readonly NodeState[],
  state: SchedulingState,
): readonly Score[] {
  const scores: Score[] = [...spreadScores(pod, state)];
  const affinity = preparePreferredPodAffinity(pod, state);
  if (affinity !== undefined) scores.push({ weight: 2, inverted: false, raw: affinity });
  if (pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.length) {
    const raw = ({ node }: NodeState): number => preferredNodeAffinityWeight(pod.spec, node);
    scores.push({ weight: 2, inverted: false, raw });
  }
  if (candidates.some(({ node }) => node.spec?.taints?.length)) {
    const raw = ({ node }: NodeState): number =>
      countUntoleratedPreferences(node.spec?.taints, pod.spec.tolerations);
    scores.push({ weight: 3, inverted: true, raw });
  }
  return scores.concat(leastAllocated(pod));
}

/** Constraints of the pod's own; without any, the pods of one controller spread over nodes and zones. */
function spreadScores(pod: Pod, state: SchedulingState): readonly Score[] {
  const soft = prepareSoftSpread(pod, state);
  if (soft !== undefined) return [{ weight: 2, inverted: true, raw: soft }];
  if (pod.spec.topologySpreadConstraints?.length) return [];
  const siblings = state.ownedBy(controllerUid(pod) ?? "");
  return siblings === undefined ? [] : [siblingScore(siblings)];
}

/** Zones weigh as much again: an outage of a zone takes more pods than one of a node. */
function siblingScore({ byNode, domains }: DomainCounter): Score {
  const byZone = domains(ZONE);
  return {
    weight: 2,
    inverted: true,
    raw({ name, node }) {
      const zone = node.metadata.labels?.[ZONE];
      const inZone = zone === undefined ? 0 : (byZone.get(zone) ?? 0);
      return (byNode.get(name) ?? 0) + inZone;
    },
  };
}

function leastAllocated(pod: Pod): Score {
  const requests = podRequests(pod.spec);
  const cpu = requests.get("cpu") ?? DEFAULT_MILLI_CPU;
  const memory = requests.get("memory") ?? DEFAULT_MEMORY;
  return {
    weight: 1,
    inverted: false,
    raw: ({ allocatable, requested, pods }) =>
      (free(allocatable, requested, {
        resource: "cpu",
        wanted: cpu,
        floor: pods.size * DEFAULT_MILLI_CPU,
      }) +
        free(allocatable, requested, {
          resource: "memory",
          wanted: memory,
          floor: pods.size * DEFAULT_MEMORY,
        })) /
      2,
  };
}

/** The fraction of a resource left after placing the pod; every pod counts as at least the default. */
function free(
  allocatable: Amounts,
  requested: Amounts,
  { resource, wanted, floor }: { resource: string; wanted: number; floor: number },
): number {
  const capacity = allocatable.get(resource) ?? 0;
  if (capacity === 0) return 0;
  const used = Math.max(requested.get(resource) ?? 0, floor);
  return Math.max(0, capacity - used - wanted) / capacity;
}

/** Scales to 0–100 over the candidates; equal raw values give everybody the same. */
function addScore(totals: Float64Array, candidates: readonly NodeState[], score: Score): void {
  const raw = new Float64Array(candidates.length);
  let [low, high] = [Infinity, -Infinity];
  for (const [index, candidate] of candidates.entries()) {
    const value = score.raw(candidate);
    raw[index] = value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) return;
  for (let index = 0; index < raw.length; index += 1) {
    const share = ((raw[index] ?? 0) - low) / (high - low);
    totals[index] =
      (totals[index] ?? 0) + 100 * score.weight * (score.inverted ? 1 - share : share);
  }
}
