// Pod affinity and anti-affinity. Mirrors scheduler plugins/interpodaffinity (filtering.go, scoring.go).

import type { LabelSelector } from "../label-selector.ts";
import type { Labels } from "./selector-match.ts";
import type { Pod, PodAffinityTerm } from "./pod.ts";
import type { PodTally, TallyQuery } from "./pod-tally.ts";
import type { NodeState, SchedulingState } from "./scheduling-state.ts";

export interface AffinityQuery {
  readonly query: TallyQuery;
  readonly topologyKey: string;
}

/** A term of a placed pod that draws other pods to it, or with a negative weight keeps them off. */
export interface WeightedQuery extends AffinityQuery {
  readonly weight: number;
}

export function requiredAntiAffinityQueries(pod: Pod): readonly AffinityQuery[] {
  const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return terms === undefined ? [] : terms.map((term) => affinityQuery(pod, term));
}

/** How much a required affinity term of a placed pod draws others (`hardPodAffinityWeight`). */
const REQUIRED_WEIGHT = 1;

/** The terms of a pod that count in the scores of others. */
export function attractions(pod: Pod): readonly WeightedQuery[] {
  const required = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return [
    ...(required ?? []).map((term) => ({
      ...affinityQuery(pod, term),
      weight: REQUIRED_WEIGHT,
    })),
    ...preferredQueries(pod),
  ];
}

/** A term without namespaces and namespace selector looks at the pod's own namespace. */
export function affinityQuery(pod: Pod, term: PodAffinityTerm): AffinityQuery {
  const names = term.namespaces ?? [];
  const own = names.length === 0 && term.namespaceSelector === undefined;
  const { labels } = pod.metadata;
  const selector = withLabelKeys(term.labelSelector, term.matchLabelKeys, labels);
  return {
    query: {
      scope: {
        names: own ? [pod.metadata.namespace ?? ""] : names,
        selector: term.namespaceSelector,
      },
      selector: withLabelKeys(selector, term.mismatchLabelKeys, labels, "NotIn"),
    },
    topologyKey: term.topologyKey,
  };
}

function preferredQueries(pod: Pod): readonly WeightedQuery[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const weighted = (sign: 1 | -1, rules: typeof podAffinity): readonly WeightedQuery[] =>
    (rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({
      ...affinityQuery(pod, term.podAffinityTerm),
      weight: sign * term.weight,
    }));
  return [...weighted(1, podAffinity), ...weighted(-1, podAntiAffinity)];
}

/** `matchLabelKeys` narrows a selector to pods with the same values of these labels, `mismatchLabelKeys` to others. */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  keys: readonly string[] | undefined,
  labels: Labels = {},
  operator: "In" | "NotIn" = "In",
): LabelSelector | undefined {
  if (selector === undefined || keys === undefined || keys.length === 0) return selector;
  const own = keys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...own] };
}

export type AffinityVerdict =
  | "fits"
  | "affinity-unmet"
  | "anti-affinity-unmet"
  | "existing-anti-affinity";

/** Checks one node after another for one pod; undefined when no rule concerns the pod. */
export function preparePodAffinity(
  pod: Pod,
  state: SchedulingState,
): ((candidate: NodeState) => AffinityVerdict) | undefined {
  const wanted = requiredTally(pod, state);
  const unwanted = requiredAntiAffinityQueries(pod).map(({ query, topologyKey }) => ({
    tally: state.tally(query),
    topologyKey,
  }));
  const forbidden = state.forbiddenDomains(pod);
  if (wanted === undefined && unwanted.length === 0 && forbidden.size === 0) return undefined;
  // Nobody matches yet, but the pod matches its own terms: it may go anywhere to start the group.
  const first = wanted?.tally.total === 0 && wanted.tally.matches(pod);
  return ({ node }) => {
    const labels = node.metadata.labels ?? {};
    const has = ({ tally, topologyKey }: Counted): boolean => {
      const value = labels[topologyKey];
      return value !== undefined && (tally.domains(topologyKey).get(value) ?? 0) > 0;
    };
    if (wanted !== undefined) {
      const { topologyKeys, tally } = wanted;
      const labelled = topologyKeys.every((key) => labels[key] !== undefined);
      const met = first || topologyKeys.every((topologyKey) => has({ tally, topologyKey }));
      if (!labelled || !met) return "affinity-unmet";
    }
    if (unwanted.some(has)) return "anti-affinity-unmet";
    for (const [topologyKey, values] of forbidden) {
      if (values.has(labels[topologyKey] ?? "")) return "existing-anti-affinity";
    }
    return "fits";
  };
}

/** Only pods that match every required term count, for each of the terms. */
function requiredTally(
  pod: Pod,
  state: SchedulingState,
): { readonly tally: PodTally; readonly topologyKeys: readonly string[] } | undefined {
  const required = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const [head, ...more] = (required ?? []).map((term) => affinityQuery(pod, term));
  if (head === undefined) return undefined;
  const also = more.map(({ query }) => query);
  const query = also.length === 0 ? head.query : { ...head.query, also };
  return {
    tally: state.tally(query),
    topologyKeys: [head, ...more].map(({ topologyKey }) => topologyKey),
  };
}

/**
 * The weighted count of preferred terms that hold on a node, and of the terms of placed pods that the pod matches;
 * undefined when there are none.
 */
export function preparePreferredPodAffinity(
  pod: Pod,
  state: SchedulingState,
): ((candidate: NodeState) => number) | undefined {
  const terms = preferredQueries(pod).map(({ query, topologyKey, weight }) => ({
    tally: state.tally(query),
    topologyKey,
    weight,
  }));
  const drawn = state.attraction(pod);
  if (terms.length === 0 && drawn.size === 0) return undefined;
  return ({ node }) => {
    const { labels = {} } = node.metadata;
    let sum = 0;
    for (const { tally, topologyKey, weight } of terms) {
      const value = labels[topologyKey];
      if (value !== undefined) sum += weight * (tally.domains(topologyKey).get(value) ?? 0);
    }
    for (const [topologyKey, byValue] of drawn) sum += byValue.get(labels[topologyKey] ?? "") ?? 0;
    return sum;
  };
}

interface Counted {
  readonly tally: PodTally;
  readonly topologyKey: string;
}
