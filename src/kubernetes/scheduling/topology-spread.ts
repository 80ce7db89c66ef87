// Topology spread constraints. Mirrors scheduler plugins/podtopologyspread (filtering.go, scoring.go).

import { controllerUid } from "../controller-runtime/object-cache.ts";
import { matchesSelector } from "./selector-match.ts";
import type { PodTally } from "./pod-tally.ts";
import { matchesNodeAffinity } from "./node-affinity.ts";
import type { Pod, TopologySpreadConstraint } from "./pod.ts";
import { withLabelKeys } from "./pod-affinity.ts";
import type { NodeState, SchedulingState } from "./scheduling-state.ts";
import { findUntoleratedTaint } from "./taints.ts";

export type SpreadVerdict = "fits" | "skewed" | "label-missing";

/** Checks the `DoNotSchedule` constraints of one pod; undefined when it has none. */
export function prepareSpread(
  pod: Pod,
  state: SchedulingState,
): ((candidate: NodeState) => SpreadVerdict) | undefined {
  const constraints = constraintsOf(pod, "DoNotSchedule");
  if (constraints.length === 0) return undefined;
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const hard = constraints.map((constraint) => {
    const counts = domainCounts(pod, constraint, keys, state);
    return {
      ...constraint,
      counts,
      self: selfMatch(pod, constraint),
      least: least(counts, constraint),
    };
  });
  return ({ node }) => {
    for (const { topologyKey, maxSkew, counts, self, least: fewest } of hard) {
      const value = node.metadata.labels?.[topologyKey];
      if (value === undefined) return "label-missing";
      if ((counts.get(value) ?? 0) + self - fewest > maxSkew) return "skewed";
    }
    return "fits";
  };
}

/** One soft constraint with what is there already. */
interface SoftConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  /** Label value → matching pods. */
  readonly counts: ReadonlyMap<string, number>;
  /** Node name → matching pods. */
  readonly byNode: ReadonlyMap<string, number>;
}

const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/**
 * Scores 0–100 of the candidates for the `ScheduleAnyway` constraints; for a pod without constraints of its own those
 * that everybody has: the pods of one controller spread over nodes (skew 3) and zones (skew 5). Undefined without any.
 */
export function scoreSpread(
  pod: Pod,
  candidates: readonly NodeState[],
  state: SchedulingState,
): readonly number[] | undefined {
  if (pod.spec.topologySpreadConstraints?.length) {
    const soft = constraintsOf(pod, "ScheduleAnyway");
    const keys = soft.map(({ topologyKey }) => topologyKey);
    const constraints = soft.map((constraint) => ({
      ...constraint,
      counts: domainCounts(pod, constraint, keys, state),
      byNode: spreadTally(pod, constraint, state).byNode,
    }));
    return constraints.length === 0 ? undefined : rateSpread(constraints, candidates, true);
  }
  const siblings = state.ownedBy(controllerUid(pod) ?? "");
  if (siblings === undefined) return undefined;
  const { byNode } = siblings;
  const defaults = [
    { topologyKey: HOSTNAME, maxSkew: 3, counts: byNode, byNode },
    { topologyKey: ZONE, maxSkew: 5, counts: siblings.domains(ZONE), byNode },
  ];
  return rateSpread(defaults, candidates, false);
}

/** `strict`: a node without one of the labels is the worst; otherwise the label does not count there. */
function rateSpread(
  constraints: readonly SoftConstraint[],
  candidates: readonly NodeState[],
  strict: boolean,
): readonly number[] {
  const labelsOf = ({ node }: NodeState): Readonly<Record<string, string>> =>
    node.metadata.labels ?? {};
  const rated = candidates.filter(
    (candidate) =>
      !strict ||
      constraints.every(({ topologyKey }) => labelsOf(candidate)[topologyKey] !== undefined),
  );
  // Few domains weigh less than many: the counts in them are larger.
  const weights = constraints.map(({ topologyKey }) => {
    if (topologyKey === HOSTNAME) return Math.log(rated.length + 2);
    const values = new Set(rated.map((candidate) => labelsOf(candidate)[topologyKey]));
    values.delete(undefined);
    return Math.log(values.size + 2);
  });
  const raw = new Map<NodeState, number>();
  for (const candidate of rated) {
    let sum = 0;
    for (const [index, { topologyKey, maxSkew, counts, byNode }] of constraints.entries()) {
      const value = labelsOf(candidate)[topologyKey];
      if (value === undefined) continue;
      const count = topologyKey === HOSTNAME ? byNode.get(candidate.name) : counts.get(value);
      sum += (count ?? 0) * (weights[index] ?? 0) + (maxSkew - 1);
    }
    raw.set(candidate, Math.round(sum));
  }
  const highest = Math.max(0, ...raw.values());
  const lowest = Math.min(...raw.values());
  return candidates.map((candidate) => {
    const score = raw.get(candidate);
    if (score === undefined) return 0;
    return highest === 0 ? 100 : Math.floor((100 * (highest + lowest - score)) / highest);
  });
}

function constraintsOf(
  pod: Pod,
  when: TopologySpreadConstraint["whenUnsatisfiable"],
): readonly TopologySpreadConstraint[] {
  const constraints = pod.spec.topologySpreadConstraints;
  if (constraints === undefined) return [];
  return constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when);
}

function selfMatch(pod: Pod, { labelSelector, matchLabelKeys }: TopologySpreadConstraint): 0 | 1 {
  const selector = withLabelKeys(labelSelector, matchLabelKeys, pod.metadata.labels);
  return matchesSelector(selector, pod.metadata.labels) ? 1 : 0;
}

function spreadTally(
  pod: Pod,
  { labelSelector, matchLabelKeys }: TopologySpreadConstraint,
  state: SchedulingState,
): PodTally {
  return state.tally({
    scope: { names: [pod.metadata.namespace ?? ""] },
    selector: withLabelKeys(labelSelector, matchLabelKeys, pod.metadata.labels),
    livingOnly: true,
  });
}

/** Every eligible domain with its number of matching pods, zeros included. A node counts with all the keys only. */
function domainCounts(
  pod: Pod,
  constraint: TopologySpreadConstraint,
  keys: readonly string[],
  state: SchedulingState,
): ReadonlyMap<string, number> {
  const { topologyKey } = constraint;
  const tally = spreadTally(pod, constraint, state);
  const counts = new Map<string, number>();
  const others = keys.filter((key) => key !== topologyKey);
  const alike = others.every((key) => state.labelledNodes(key) === state.nodes.length);
  if (alike && everyNodeEligible(pod, constraint)) {
    const matching = tally.domains(topologyKey);
    for (const value of state.domains(topologyKey)) counts.set(value, matching.get(value) ?? 0);
    return counts;
  }
  for (const candidate of state.nodes) {
    const { labels = {} } = candidate.node.metadata;
    const value = labels[topologyKey];
    if (value === undefined || others.some((key) => labels[key] === undefined)) continue;
    if (!isEligible(pod, constraint, candidate)) continue;
    counts.set(value, (counts.get(value) ?? 0) + (tally.byNode.get(candidate.name) ?? 0));
  }
  return counts;
}

function everyNodeEligible({ spec }: Pod, constraint: TopologySpreadConstraint): boolean {
  if (constraint.nodeTaintsPolicy === "Honor") return false;
  if (constraint.nodeAffinityPolicy === "Ignore") return true;
  return spec.nodeSelector === undefined && spec.affinity?.nodeAffinity === undefined;
}

function isEligible(
  { spec }: Pod,
  { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint,
  { node }: NodeState,
): boolean {
  if (nodeAffinityPolicy !== "Ignore" && !matchesNodeAffinity(spec, node)) return false;
  if (nodeTaintsPolicy !== "Honor") return true;
  const { taints } = node.spec ?? {};
  return findUntoleratedTaint(taints, spec.tolerations, ["NoSchedule", "NoExecute"]) === undefined;
}

/** The smallest count; zero while there are fewer domains than `minDomains`. */
function least(
  counts: ReadonlyMap<string, number>,
  { minDomains = 1 }: TopologySpreadConstraint,
): number {
  if (counts.size < minDomains) return 0;
  let fewest = Infinity;
  for (const count of counts.values()) fewest = Math.min(fewest, count);
  return fewest === Infinity ? 0 : fewest;
}
