// What a machine type of Compute Engine holds: the family fixes the memory for each vCPU, the name ends in the number of
// vCPUs. Only families with whole figures are read. Source: cloud.google.com/compute/docs/general-purpose-machines.

import type { MachineSize } from "../node-pool.ts";

/** GiB a vCPU. */
const MEMORY_PER_CPU: Readonly<Record<string, number>> = { standard: 4, highmem: 8 };
const TYPE = /^(?:e2|n2|n2d|n4|c3)-(standard|highmem)-(\d+)$/;

export function machineTypeSize(type: string): MachineSize | undefined {
  const [, shape = "", cpus] = TYPE.exec(type) ?? [];
  if (cpus === undefined) return undefined;
  return { cpu: cpus, memory: `${Number(cpus) * (MEMORY_PER_CPU[shape] ?? 0)}Gi` };
}
