// Who may reach whom, as numbers: for the proof that everything not asked for is refused.

import type { Graph } from "../model/index.ts";

export interface ReachSummary {
  readonly workloads: number;
  readonly flows: number;
  /** Ordered pairs of different workloads with at least one permitted port. */
  readonly allowedPairs: number;
  readonly deniedPairs: number;
}

export function summarizeReach({ workloads, flows }: Graph): ReachSummary {
  const allowed = new Set<string>();
  for (const { from, to } of flows) {
    if (from.kind !== "workload" || to.kind !== "workload") continue;
    const pair = [from.namespace, from.name, to.namespace, to.name].join("/");
    if (from.namespace !== to.namespace || from.name !== to.name) allowed.add(pair);
  }
  const pairs = workloads.length * Math.max(0, workloads.length - 1);
  return {
    workloads: workloads.length,
    flows: flows.length,
    allowedPairs: allowed.size,
    deniedPairs: pairs - allowed.size,
  };
}
