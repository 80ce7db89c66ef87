// The wording of "does not fit" in conditions and events, as kube-scheduler v1.36 prints it
// (pkg/scheduler/framework/types.go FitError, preemption.go).

import type { Misfit } from "./fit.ts";

/** `0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: …` */
export function formatMisfits(
  misfits: ReadonlyMap<string, Misfit>,
  options: { readonly preemption: "tried" | "never" | "found" },
): string {
  const nodesCount = misfits.size;
  const histogram = new Map<string, number>();
  for (const { reasons } of misfits.values()) {
    for (const reason of reasons) histogram.set(reason, (histogram.get(reason) ?? 0) + 1);
  }
  const head = `0/${nodesCount} nodes are available: ${joinCounts(histogram)}.`;
  if (options.preemption === "found") return head;
  if (options.preemption === "never") {
    return `${head} no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.`;
  }
  return `${head} no new claims to deallocate, ${formatPreemption(misfits)}`;
}

/** The pod as a whole was refused before any node was looked at. */
export function formatRefusal(nodesCount: number, message: string): string {
  return `0/${nodesCount} nodes are available: ${message}. not found`;
}

export function formatNoNodes(): string {
  return "no nodes available to schedule pods";
}

function formatPreemption(misfits: ReadonlyMap<string, Misfit>): string {
  const histogram = new Map<string, number>();
  for (const { resolvable } of misfits.values()) {
    const reason = resolvable
      ? "No preemption victims found for incoming pod"
      : "Preemption is not helpful for scheduling";
    histogram.set(reason, (histogram.get(reason) ?? 0) + 1);
  }
  return `preemption: 0/${misfits.size} nodes are available: ${joinCounts(histogram)}.`;
}

/** `1 a, 2 b`, sorted as text. */
function joinCounts(histogram: ReadonlyMap<string, number>): string {
  return [...histogram]
    .map(([reason, count]) => `${count} ${reason}`)
    .toSorted()
    .join(", ");
}
