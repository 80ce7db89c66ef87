// Counts per node, summed per topology domain for every topology key that somebody has asked about.

export interface DomainCounter {
  /** Node name → count; nodes without any are absent. */
  readonly byNode: ReadonlyMap<string, number>;
  readonly total: number;
  /** Label value → count over the nodes with that value of `topologyKey`. */
  domains(topologyKey: string): ReadonlyMap<string, number>;
  add(nodeName: string, step: 1 | -1): void;
}

type NodeLabels = (nodeName: string) => Readonly<Record<string, string>> | undefined;

export function createDomainCounter(nodeLabels: NodeLabels): DomainCounter {
  const byNode = new Map<string, number>();
  const domainsByKey = new Map<string, Map<string, number>>();
  let total = 0;
  return {
    byNode,
    get total() {
      return total;
    },
    domains(topologyKey) {
      const known = domainsByKey.get(topologyKey);
      if (known !== undefined) return known;
      const domains = new Map<string, number>();
      for (const [nodeName, count] of byNode) {
        addTo(domains, nodeLabels(nodeName)?.[topologyKey], count);
      }
      domainsByKey.set(topologyKey, domains);
      return domains;
    },
    add(nodeName, step) {
      total += step;
      addTo(byNode, nodeName, step);
      if (domainsByKey.size === 0) return;
      const labels = nodeLabels(nodeName);
      for (const [key, domains] of domainsByKey) addTo(domains, labels?.[key], step);
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
