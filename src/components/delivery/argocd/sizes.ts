// Replicas and resources of Argo CD's parts. The chart states none; a quota needs them.

import type { ScaleMode, WorkloadContainer } from "../../../model/index.ts";

export interface Replicas {
  readonly server: number;
  readonly repoServer: number;
  readonly applicationSet: number;
}

/**
 * Two of what serves requests where the environment is highly available. The application controller stays at one: it keeps
 * its work in the cluster and a new pod resumes. Redis is a cache, one pod too; redis-ha would bring a chart of its own.
 */
export function replicasOf(scale: ScaleMode): Replicas {
  const replicas = scale === "highly-available" ? 2 : 1;
  return { server: replicas, repoServer: replicas, applicationSet: replicas };
}

type Sizes = Pick<WorkloadContainer, "requests" | "limits">;

/** For some dozens of Applications on one cluster. */
export const RESOURCES = {
  server: sizes("50m", "128Mi", "500m", "256Mi"),
  "repo-server": sizes("100m", "256Mi", "1", "1Gi"),
  "application-controller": sizes("250m", "512Mi", "1", "1Gi"),
  "applicationset-controller": sizes("50m", "128Mi", "500m", "256Mi"),
  redis: sizes("50m", "64Mi", "250m", "256Mi"),
} as const satisfies Readonly<Record<string, Sizes>>;

function sizes(cpu: string, memory: string, cpuLimit: string, memoryLimit: string): Sizes {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}
