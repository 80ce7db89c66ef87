// What the pods of a namespace may come to request together: the figure its quota is made of.

import { parseQuantity, quantityMilliValue, quantityValue } from "../../../core/index.ts";
import type { PlannedCluster, Workload } from "../../../model/index.ts";

/** CPU in thousandths of a core, memory in bytes; a container without a CPU limit counts with the LimitRange's. */
export interface Demand {
  readonly pods: number;
  readonly requestedCpuMilli: number;
  readonly requestedMemoryBytes: number;
  readonly limitCpuMilli: number;
  readonly limitMemoryBytes: number;
}

export const NO_DEMAND: Demand = {
  pods: 0,
  requestedCpuMilli: 0,
  requestedMemoryBytes: 0,
  limitCpuMilli: 0,
  limitMemoryBytes: 0,
};

/** Every workload at its largest: autoscaler's maximum, pods of a rolling update on top, one run of each job. */
export function namespaceDemand(
  cluster: PlannedCluster,
  namespace: string,
  defaultCpuLimit: string,
): Demand {
  return cluster.workloads
    .filter((workload) => workload.namespace === namespace)
    .map((workload) => times(podDemand(workload, defaultCpuLimit), podsAtMost(cluster, workload)))
    .reduce(add, NO_DEMAND);
}

export function podsAtMost(cluster: PlannedCluster, workload: Workload): number {
  const { kind, namespace, name, replicas } = workload;
  const app = cluster.apps.find((one) => one.namespace === namespace && one.name === name);
  if (app !== undefined) {
    const most = app.scale?.max ?? app.replicas;
    // Released in two versions, both may stand at full size.
    return most + (app.release.kind === "rolling" ? app.release.maxSurge : most);
  }
  if (kind === "DaemonSet") return cluster.nodes.reduce((sum, { count }) => sum + count, 0);
  // A Deployment surges by a quarter, rounded up, unless it says otherwise.
  if (kind === "Deployment") return replicas + Math.ceil(replicas / 4);
  return Math.max(replicas, 1);
}

function podDemand({ containers, injected = [] }: Workload, defaultCpuLimit: string): Demand {
  return [...containers, ...injected]
    .map(({ requests, limits }) => ({
      pods: 0,
      requestedCpuMilli: cpuMilli(requests.cpu),
      requestedMemoryBytes: bytes(requests.memory),
      limitCpuMilli: cpuMilli(limits.cpu ?? defaultCpuLimit),
      limitMemoryBytes: bytes(limits.memory),
    }))
    .reduce(add, { ...NO_DEMAND, pods: 1 });
}

/** Unreadable text counts as nothing here; the checks report it where it stands. */
export function cpuMilli(text: string): number {
  const quantity = parseQuantity(text);
  return quantity === undefined ? 0 : quantityMilliValue(quantity);
}

export function bytes(text: string): number {
  const quantity = parseQuantity(text);
  return quantity === undefined ? 0 : quantityValue(quantity);
}

export function add(a: Demand, b: Demand): Demand {
  return {
    pods: a.pods + b.pods,
    requestedCpuMilli: a.requestedCpuMilli + b.requestedCpuMilli,
    requestedMemoryBytes: a.requestedMemoryBytes + b.requestedMemoryBytes,
    limitCpuMilli: a.limitCpuMilli + b.limitCpuMilli,
    limitMemoryBytes: a.limitMemoryBytes + b.limitMemoryBytes,
  };
}

export function times(demand: Demand, factor: number): Demand {
  return {
    pods: demand.pods * factor,
    requestedCpuMilli: demand.requestedCpuMilli * factor,
    requestedMemoryBytes: demand.requestedMemoryBytes * factor,
    limitCpuMilli: demand.limitCpuMilli * factor,
    limitMemoryBytes: demand.limitMemoryBytes * factor,
  };
}
