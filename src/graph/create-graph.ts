// An indexed graph: lookups take no time however many workloads there are.

import type { Endpoint, Flow, Graph, Workload } from "../model/index.ts";

export function createGraph(workloads: readonly Workload[], flows: readonly Flow[]): Graph {
  const sorted = workloads.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const ordered = flows.toSorted((a, b) => compare(a.name, b.name));
  const byKey = new Map(sorted.map((workload) => [keyOf(workload), workload]));
  const into = indexBy(ordered, ({ to }) => to);
  const outOf = indexBy(ordered, ({ from }) => from);
  return {
    workloads: sorted,
    flows: ordered,
    workload: (namespace, name) => byKey.get(`${namespace}/${name}`),
    into: (workload) => touching(into, workload),
    outOf: (workload) => touching(outOf, workload),
  };
}

const EVERY = "*";
const keyOf = ({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string => `${namespace}/${name}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function indexBy(
  flows: readonly Flow[],
  end: (flow: Flow) => Endpoint,
): ReadonlyMap<string, readonly Flow[]> {
  const index = new Map<string, Flow[]>();
  for (const flow of flows) {
    const key = indexKey(end(flow));
    if (key === undefined) continue;
    const known = index.get(key);
    if (known === undefined) index.set(key, [flow]);
    else known.push(flow);
  }
  return index;
}

function indexKey(end: Endpoint): string | undefined {
  if (end.kind === "workload") return keyOf(end);
  return end.kind === "every-workload" ? EVERY : undefined;
}

function touching(
  index: ReadonlyMap<string, readonly Flow[]>,
  workload: Workload,
): readonly Flow[] {
  const own = index.get(keyOf(workload)) ?? [];
  const shared = index.get(EVERY) ?? [];
  return shared.length === 0
    ? own
    : [...own, ...shared].toSorted((a, b) => compare(a.name, b.name));
}
