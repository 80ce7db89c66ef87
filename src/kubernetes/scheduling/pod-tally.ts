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

export interface TallyQuery {
  readonly scope: NamespaceScope;
  readonly selector: LabelSelector | undefined;
}

export interface PodTally extends Omit<DomainCounter, "add"> {
  readonly query: TallyQuery;
  /** Counts a pod in (`+1`) or out (`-1`) if the query matches it. */
  count(pod: Pod, nodeName: string, step: 1 | -1): void;
}

/** Two queries with one key have the same answer. */
export function tallyKey({ scope, selector }: TallyQuery): string {
  return canonicalJson([scope.names, scope.selector ?? null, selector ?? null]);
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
  return {
    query,
    byNode: counter.byNode,
    domains: counter.domains,
    get total() {
      return counter.total;
    },
    count(pod, nodeName, step) {
      const { namespace = "", labels } = pod.metadata;
      if (!inScope(query.scope, namespace, around.namespaceLabels)) return;
      if (matchesSelector(query.selector, labels)) counter.add(nodeName, step);
    },
  };
}
