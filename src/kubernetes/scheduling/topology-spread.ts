// Topology spread constraints. Mirrors scheduler plugins/podtopologyspread (filtering.go, scoring.go).

import { matchesSelector } from "./selector-match.ts";
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
  const hard = constraintsOf(pod, "DoNotSchedule").map((constraint) => {
    const counts = domainCounts(pod, constraint, state);
    return {
      ...constraint,
      counts,
      self: selfMatch(pod, constraint),
      least: least(counts, constraint),
    };
  });
  if (hard.length === 0) return undefined;
  return ({ node }) => {
    for (const { topologyKey, maxSkew, counts, self, least: fewest } of hard) {
      const value = node.metadata.labels?.[topologyKey];
      if (value === undefined) return "label-missing";
      if ((counts.get(value) ?? 0) + self - fewest > maxSkew) return "skewed";
    }
    return "fits";
  };
}

/** Matching pods in the node's domains, summed over the `ScheduleAnyway` constraints; less is better. */
export function prepareSoftSpread(
  pod: Pod,
  state: SchedulingState,
): ((candidate: NodeState) => number) | undefined {
  const soft = constraintsOf(pod, "ScheduleAnyway").map(({ topologyKey, ...constraint }) => ({
    topologyKey,
    counts: domainCounts(pod, { topologyKey, ...constraint }, state),
  }));
  if (soft.length === 0) return undefined;
  return ({ node }) => {
    let sum = 0;
    for (const { topologyKey, counts } of soft) {
      sum += counts.get(node.metadata.labels?.[topologyKey] ?? "") ?? 0;
    }
    return sum;
  };
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

/** Every eligible domain with its number of matching pods, zeros included. */
function domainCounts(
  pod: Pod,
  constraint: TopologySpreadConstraint,
  state: SchedulingState,
): ReadonlyMap<string, number> {
  const { topologyKey } = constraint;
  const tally = state.tally({
    scope: { names: [pod.metadata.namespace ?? ""] },
    selector: withLabelKeys(
      constraint.labelSelector,
      constraint.matchLabelKeys,
      pod.metadata.labels,
    ),
  });
  const counts = new Map<string, number>();
  if (everyNodeEligible(pod, constraint)) {
    const matching = tally.domains(topologyKey);
    for (const value of state.domains(topologyKey)) counts.set(value, matching.get(value) ?? 0);
    return counts;
  }
  for (const candidate of state.nodes) {
    const value = candidate.node.metadata.labels?.[topologyKey];
    if (value === undefined || !isEligible(pod, constraint, candidate)) continue;
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
