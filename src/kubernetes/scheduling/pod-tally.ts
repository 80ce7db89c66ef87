// Counts of the pods that one selector matches, kept up to date as pods come and go, so that spreading and
// affinity do not walk all pods for every decision.

import { canonicalJson } from "../../core/index.ts";
import type { LabelSelector } from "../label-selector.ts";
import { createDomainCounter } from "./domain-counter.ts";
import type { DomainCounter } from "./domain-counter.ts";
import type { Pod } from "./pod.ts";
import { matchesSelector } from "./selector-match.ts";
import type { Labels } from "./selector-match.ts";

/** Which namespaces a term looks at. */
export interface NamespaceScope {
  readonly names: readonly string[];
  /** Absent: only `names`; empty: every namespace. */
  readonly selector?: LabelSelector | undefined;
}

/** Pods with matching labels in some namespaces. */
export interface PodMatch {
  readonly scope: NamespaceScope;
  readonly selector: LabelSelector | undefined;
}

export interface TallyQuery extends PodMatch {
  /** What a pod has to match as well. */
  readonly also?: readonly PodMatch[];
  /** Leaves out pods that are being deleted. */
  readonly livingOnly?: boolean;
}

export interface PodTally extends Omit<DomainCounter, "add"> {
  readonly query: TallyQuery;
  /** Counts a pod in (`+1`) or out (`-1`) if the query matches it; `living` when it is not being deleted. */
  count(pod: Pod, nodeName: string, step: 1 | -1, living: boolean): void;
  /** True when the pod itself matches, placed or not. */
  matches(pod: Pod): boolean;
}

/** Two queries with one key have the same answer. */
export function tallyKey({ scope, selector, also = [], livingOnly = false }: TallyQuery): string {
  const parts = [{ scope, selector }, ...also].map((match) => [
    match.scope.names,
    match.scope.selector ?? null,
    match.selector ?? null,
  ]);
  return canonicalJson([livingOnly, ...parts]);
}

export function inScope(
  { names, selector }: NamespaceScope,
  namespace: string,
  labelsOf: (namespace: string) => Labels | undefined,
): boolean {
  if (names.includes(namespace)) return true;
  return selector !== undefined && matchesSelector(selector, labelsOf(namespace));
}

export interface TallySurroundings {
  namespaceLabels(namespace: string): Labels | undefined;
  nodeLabels(nodeName: string): Labels | undefined;
}

export function createPodTally(query: TallyQuery, around: TallySurroundings): PodTally {
  const counter = createDomainCounter(around.nodeLabels);
  const wanted: readonly PodMatch[] = [query, ...(query.also ?? [])];
  const matches = ({ metadata }: Pod): boolean => {
    const { namespace = "", labels } = metadata;
    return wanted.every(
      ({ scope, selector }) =>
        inScope(scope, namespace, around.namespaceLabels) && matchesSelector(selector, labels),
    );
  };
  return {
    query,
    matches,
    byNode: counter.byNode,
    domains: counter.domains,
    get total() {
      return counter.total;
    },
    count(pod, nodeName, step, living) {
      if (query.livingOnly === true && !living) return;
      if (matches(pod)) counter.add(nodeName, step);
    },
  };
}
