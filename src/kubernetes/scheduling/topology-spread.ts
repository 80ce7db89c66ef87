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
  /** Whether every node has the label. */
  readonly isEverywhere: boolean;
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
      isEverywhere: hasEverywhere(state, constraint.topologyKey),
    }));
    return constraints.length === 0 ? undefined : rateSpread(constraints, candidates, true);
  }
  const siblings = state.ownedBy(controllerUid(pod) ?? "");
  if (siblings === undefined) return undefined;
  const { byNode } = siblings;
  const defaults: SoftConstraint[] = [];
  const add = (topologyKey: string, maxSkew: number, counts: ReadonlyMap<string, number>): void => {
    // What no node has counts nowhere.
    if (state.labelledNodes(topologyKey) === 0) return;
    const isEverywhere = hasEverywhere(state, topologyKey);
    defaults.push({ topologyKey, maxSkew, counts, byNode, isEverywhere });
  };
  add(HOSTNAME, 3, byNode);
  add(ZONE, 5, siblings.domains(ZONE));
  return rateSpread(defaults, candidates, false);
}

function hasEverywhere(state: SchedulingState, topologyKey: string): boolean {
  return state.labelledNodes(topologyKey) === state.nodes.length;
}

/** `strict`: a node without one of the labels is the worst; otherwise the label does not count there. */
function rateSpread(
  constraints: readonly SoftConstraint[],
  candidates: readonly NodeState[],
  strict: boolean,
): readonly number[] {
  // Plain loops: every pod of every controller comes through here.
  const isRated = ({ node }: NodeState): boolean =>
    constraints.every(
      ({ topologyKey, isEverywhere }) =>
        isEverywhere || node.metadata.labels?.[topologyKey] !== undefined,
    );
  const sums: number[] = [];
  let ratedCount = 0;
  for (const candidate of candidates) {
    const counts = !strict || isRated(candidate);
    if (counts) ratedCount += 1;
    sums.push(counts ? 0 : NaN);
  }
  for (const constraint of constraints) {
    const { topologyKey, maxSkew, counts, byNode, isEverywhere } = constraint;
    const byName = topologyKey === HOSTNAME;
    const weight = domainWeight(constraint, candidates, { sums, ratedCount });
    for (let index = 0; index < candidates.length; index += 1) {
      const candidate = candidates[index];
      if (candidate === undefined) continue;
      // Looking at a label of every node for every pod costs more than everything else here.
      const value =
        byName && isEverywhere ? candidate.name : candidate.node.metadata.labels?.[topologyKey];
      if (value === undefined) continue;
      const count = byName ? byNode.get(candidate.name) : counts.get(value);
      sums[index] = (sums[index] ?? 0) + (count ?? 0) * weight + (maxSkew - 1);
    }
  }
  return normalizeSpread(sums);
}

/** Few domains weigh less than many: the counts in them are larger. */
function domainWeight(
  { topologyKey }: SoftConstraint,
  candidates: readonly NodeState[],
  { sums, ratedCount }: { readonly sums: readonly number[]; readonly ratedCount: number },
): number {
  if (topologyKey === HOSTNAME) return Math.log(ratedCount + 2);
  const values = new Set<string>();
  for (let index = 0; index < candidates.length; index += 1) {
    const value = candidates[index]?.node.metadata.labels?.[topologyKey];
    if (value !== undefined && !Number.isNaN(sums[index])) values.add(value);
  }
  return Math.log(values.size + 2);
}

/** From pods to 0–100 in place, less being better; no number is the worst. */
function normalizeSpread(sums: number[]): readonly number[] {
  let [lowest, highest] = [Infinity, 0];
  for (const sum of sums) {
    const rounded = Math.round(sum);
    if (rounded < lowest) lowest = rounded;
    if (rounded > highest) highest = rounded;
  }
  for (let index = 0; index < sums.length; index += 1) {
    const rounded = Math.round(sums[index] ?? NaN);
    const score = highest === 0 ? 100 : Math.floor((100 * (highest + lowest - rounded)) / highest);
    sums[index] = Number.isNaN(rounded) ? 0 : score;
  }
  return sums;
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
