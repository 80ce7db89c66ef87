// Every workload of a cluster once, sorted by namespace and name.

import type { Diagnostic } from "../../core/index.ts";
import type { Workload } from "../contracts/graph.ts";
import { contestedWorkload } from "../plan-diagnostics.ts";

export function mergeWorkloads(
  wanted: readonly Workload[],
  report: (found: Diagnostic) => void,
): Workload[] {
  const merged = new Map<string, Workload>();
  for (const workload of wanted) {
    const { namespace, name, component, origin } = workload;
    const key = `${namespace}\u0000${name}`;
    const first = merged.get(key);
    if (first === undefined) merged.set(key, workload);
    else {
      const components = [...new Set([first.component, component])];
      report(contestedWorkload(origin, { namespace, name, components, first: first.origin }));
    }
  }
  return [...merged].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, workload]) => workload);
}
