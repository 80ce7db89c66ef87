// Counts of the pods that one selector matches, per node and per topology domain, kept up to date as pods
// come and go, so that spreading and affinity do not walk all pods for every decision.

import { canonicalJson } from "../../core/index.ts";
import { matchesSelector } from "./selector-match.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { Labels } from "./selector-match.ts";
import type { Pod } from "./pod.ts";

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

export interface PodTally {
  readonly query: TallyQuery;
  /** Node name → matching pods on it; nodes without any are absent. */
  readonly byNode: ReadonlyMap<string, number>;
  /** Label value → matching pods on nodes with that value of `topologyKey`. */
  domains(topologyKey: string): ReadonlyMap<string, number>;
  /** Matching pods on all nodes. */
  readonly total: number;
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
  const byNode = new Map<string, number>();
  const domainsByKey = new Map<string, Map<string, number>>();
  let total = 0;
  return {
    query,
    byNode,
    get total() {
      return total;
    },
    domains(topologyKey) {
      const known = domainsByKey.get(topologyKey);
      if (known !== undefined) return known;
      const domains = new Map<string, number>();
      for (const [nodeName, count] of byNode) {
        addTo(domains, around.nodeLabels(nodeName)?.[topologyKey], count);
      }
      domainsByKey.set(topologyKey, domains);
      return domains;
    },
    count(pod, nodeName, step) {
      const { namespace = "", labels } = pod.metadata;
      if (!inScope(query.scope, namespace, around.namespaceLabels)) return;
      if (!matchesSelector(query.selector, labels)) return;
      total += step;
      addTo(byNode, nodeName, step);
      const nodeLabels = around.nodeLabels(nodeName);
      for (const [key, domains] of domainsByKey) addTo(domains, nodeLabels?.[key], step);
    },
  };
}

/** Adds to a count and forgets it at zero; an undefined key is no domain. */
export function addTo(counts: Map<string, number>, key: string | undefined, step: number): void {
  if (key === undefined) return;
  const count = (counts.get(key) ?? 0) + step;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
