// Pod affinity and anti-affinity. Mirrors scheduler plugins/interpodaffinity (filtering.go, scoring.go).

import { matchesSelector } from "./selector-match.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { Labels } from "./selector-match.ts";
import type { Pod, PodAffinityTerm } from "./pod.ts";
import type { PodTally, TallyQuery } from "./pod-tally.ts";
import type { NodeState, SchedulingState } from "./scheduling-state.ts";

export interface AffinityQuery {
  readonly query: TallyQuery;
  readonly topologyKey: string;
}

export function requiredAntiAffinityQueries(pod: Pod): readonly AffinityQuery[] {
  const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return terms === undefined ? [] : terms.map((term) => affinityQuery(pod, term));
}

/** A term without namespaces and namespace selector looks at the pod's own namespace. */
export function affinityQuery(pod: Pod, term: PodAffinityTerm): AffinityQuery {
  const names = term.namespaces ?? [];
  const own = names.length === 0 && term.namespaceSelector === undefined;
  return {
    query: {
      scope: {
        names: own ? [pod.metadata.namespace ?? ""] : names,
        selector: term.namespaceSelector,
      },
      selector: withLabelKeys(term.labelSelector, term.matchLabelKeys, pod.metadata.labels),
    },
    topologyKey: term.topologyKey,
  };
}

/** `matchLabelKeys` narrows a selector to pods with the same values of these labels. */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  keys: readonly string[] | undefined,
  labels: Labels = {},
): LabelSelector | undefined {
  if (selector === undefined || keys === undefined || keys.length === 0) return selector;
  const own = keys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator: "In" as const, values: [value] }];
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
  const rules = pod.spec.affinity;
  const required = rules?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const wanted = required.map((term) => countedQuery(pod, term, state));
  const unwanted = requiredAntiAffinityQueries(pod).map(({ query, topologyKey }) => ({
    tally: state.tally(query),
    topologyKey,
  }));
  const forbidden = state.forbiddenDomains(pod);
  if (wanted.length === 0 && unwanted.length === 0 && forbidden.size === 0) return undefined;
  const first = wanted.length > 0 && isFirstOfItsKind(pod, wanted);
  return ({ node }) => {
    const labels = node.metadata.labels ?? {};
    const has = ({ tally, topologyKey }: Counted): boolean => {
      const value = labels[topologyKey];
      return value !== undefined && (tally.domains(topologyKey).get(value) ?? 0) > 0;
    };
    const labelled = wanted.every(({ topologyKey }) => labels[topologyKey] !== undefined);
    if (wanted.length > 0 && !(labelled && (first || wanted.every(has)))) return "affinity-unmet";
    if (unwanted.some(has)) return "anti-affinity-unmet";
    for (const [topologyKey, values] of forbidden) {
      if (values.has(labels[topologyKey] ?? "")) return "existing-anti-affinity";
    }
    return "fits";
  };
}

/** The weighted count of preferred terms that hold on a node; undefined when the pod has none. */
export function preparePreferredPodAffinity(
  pod: Pod,
  state: SchedulingState,
): ((candidate: NodeState) => number) | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const terms = [
    ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({
      ...countedQuery(pod, term.podAffinityTerm, state),
      weight: term.weight,
    })),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({
      ...countedQuery(pod, term.podAffinityTerm, state),
      weight: -term.weight,
    })),
  ];
  if (terms.length === 0) return undefined;
  return ({ node }) => {
    let sum = 0;
    for (const { tally, topologyKey, weight } of terms) {
      const value = node.metadata.labels?.[topologyKey];
      if (value !== undefined) sum += weight * (tally.domains(topologyKey).get(value) ?? 0);
    }
    return sum;
  };
}

interface Counted {
  readonly tally: PodTally;
  readonly topologyKey: string;
}

function countedQuery(pod: Pod, term: PodAffinityTerm, state: SchedulingState): Counted {
  const { query, topologyKey } = affinityQuery(pod, term);
  return { tally: state.tally(query), topologyKey };
}

/** Nobody matches yet, but the pod matches its own terms: it may go anywhere to start the group. */
function isFirstOfItsKind(pod: Pod, wanted: readonly Counted[]): boolean {
  return wanted.every(
    ({ tally }) =>
      tally.total === 0 &&
      tally.query.scope.names.includes(pod.metadata.namespace ?? "") &&
      matchesSelector(tally.query.selector, pod.metadata.labels),
  );
}
