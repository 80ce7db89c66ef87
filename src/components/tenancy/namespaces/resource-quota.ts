// The quota of a namespace: what its workloads need at their largest, plus room for a pod nobody planned.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { add, bytes, cpuMilli, namespaceDemand, times, type Demand } from "./demand.ts";
import type { NamespacesOptions } from "./options.ts";

const MEBIBYTE = 1024 * 1024;
/** Figures a person would write: tenths of a core and quarters of a gibibyte. */
const CPU_STEP_MILLI = 100;
const MEMORY_STEP_MEBIBYTES = 256;

export function resourceQuota(
  cluster: PlannedCluster,
  namespace: string,
  options: NamespacesOptions,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: {
      name: "namespace",
      namespace,
      labels: systemLabels(cluster.platform, "namespaces", "quota"),
    },
    spec: {
      hard: {
        ...hardLimits(quotaDemand(cluster, namespace, options)),
        ...stated(options, namespace),
      },
    },
  };
}

/** What a person fixed; the number of pods stays derived. */
function stated(
  { quotas }: NamespacesOptions,
  namespace: string,
): Readonly<Record<string, string>> {
  const quota = quotas[namespace];
  if (quota === undefined) return {};
  return {
    "requests.cpu": quota.requests.cpu,
    "requests.memory": quota.requests.memory,
    "limits.cpu": quota.limits.cpu,
    "limits.memory": quota.limits.memory,
  };
}

/** Demand × headroom, and one pod of the LimitRange's defaults for a chart's hook or a debugging shell. */
export function quotaDemand(
  cluster: PlannedCluster,
  namespace: string,
  { defaults, headroom }: NamespacesOptions,
): Demand {
  const spare: Demand = {
    pods: 1,
    requestedCpuMilli: cpuMilli(defaults.requests.cpu),
    requestedMemoryBytes: bytes(defaults.requests.memory),
    limitCpuMilli: cpuMilli(defaults.limits.cpu),
    limitMemoryBytes: bytes(defaults.limits.memory),
  };
  const demand = namespaceDemand(cluster, namespace, defaults.limits.cpu);
  return add(times(demand, 1 + headroom / 100), spare);
}

function hardLimits(demand: Demand): Readonly<Record<string, string>> {
  return {
    "requests.cpu": formatCpu(demand.requestedCpuMilli),
    "requests.memory": formatMemory(demand.requestedMemoryBytes),
    "limits.cpu": formatCpu(demand.limitCpuMilli),
    "limits.memory": formatMemory(demand.limitMemoryBytes),
    pods: String(Math.ceil(demand.pods)),
  };
}

function formatCpu(milli: number): string {
  const rounded = Math.ceil(milli / CPU_STEP_MILLI) * CPU_STEP_MILLI;
  return rounded % 1000 === 0 ? String(rounded / 1000) : `${rounded}m`;
}

function formatMemory(sizeBytes: number): string {
  const step = MEMORY_STEP_MEBIBYTES;
  const mebibytes = Math.ceil(sizeBytes / MEBIBYTE / step) * step;
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}
