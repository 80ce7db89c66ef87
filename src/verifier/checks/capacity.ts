// What pods request must fit on the nodes, or some will wait for ever.

import {
  addQuantities,
  compareQuantities,
  defineDiagnostic,
  formatQuantity,
  multiplyQuantity,
  parseQuantity,
  ZERO_QUANTITY,
} from "../../core/index.ts";
import type { Quantity, Related } from "../../core/index.ts";
import type { Workload } from "../../model/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const clusterTooSmall = defineDiagnostic<{
  cluster: string;
  resource: string;
  requested: string;
  available: string;
  largest: readonly Related[];
}>({
  code: "verify/cluster-too-small",
  severity: "error",
  message: ({ cluster, resource, requested, available }) =>
    `pods on ${cluster} request ${requested} ${resource}, its nodes have ${available}`,
  hint: () => "add nodes, choose larger ones, or lower requests",
  related: ({ largest }) => largest,
});

export const checkCapacity: Check = function* (view) {
  for (const resource of ["cpu", "memory"] as const) {
    const { requested, available } = capacityOf(view, resource);
    if (compareQuantities(requested, available) <= 0) continue;
    const { name } = view.cluster;
    yield clusterTooSmall(["clusters", name], {
      cluster: name,
      resource,
      requested: formatQuantity(requested),
      available: formatQuantity(available),
      largest: largestOf(view, resource),
    });
  }
};

export interface Capacity {
  readonly requested: Quantity;
  readonly available: Quantity;
}

/** Requests of everything that runs all the time, against all nodes that take ordinary pods. */
export function capacityOf({ graph, cluster }: TargetView, resource: "cpu" | "memory"): Capacity {
  const workers = cluster.nodes.filter(({ role }) => role === "worker");
  const nodes = workers.length > 0 ? workers : cluster.nodes;
  const nodeCount = nodes.reduce((sum, { count }) => sum + count, 0);
  const requested = graph.workloads.map((workload) =>
    multiplyQuantity(podRequest(workload, resource), runningPods(workload, nodeCount)),
  );
  const available = nodes.map((group) => multiplyQuantity(quantity(group[resource]), group.count));
  return {
    requested: requested.reduce(addQuantities, ZERO_QUANTITY),
    available: available.reduce(addQuantities, ZERO_QUANTITY),
  };
}

/** The workload that requests most, as a place to look at. */
function largestOf({ graph }: TargetView, resource: "cpu" | "memory"): Related[] {
  const ranked = graph.workloads.toSorted((a, b) =>
    compareQuantities(podRequest(b, resource), podRequest(a, resource)),
  );
  return ranked.slice(0, 1).map((workload) => ({
    path: workload.origin,
    message: `${workload.name} requests ${formatQuantity(podRequest(workload, resource))} for each pod`,
  }));
}

function runningPods({ kind, replicas }: Workload, nodeCount: number): number {
  if (kind === "DaemonSet") return nodeCount;
  return kind === "Job" || kind === "CronJob" ? 0 : replicas;
}

function podRequest({ containers, injected = [] }: Workload, resource: "cpu" | "memory"): Quantity {
  return [...containers, ...injected]
    .map(({ requests }) => quantity(requests[resource]))
    .reduce(addQuantities, ZERO_QUANTITY);
}

function quantity(text: string): Quantity {
  return parseQuantity(text) ?? ZERO_QUANTITY;
}
