// What an Azure VM holds: series D has 4 GiB for each vCPU, series E 8, up to 48 vCPUs; larger ones break the rule.
// Source: microsoft/aspire src/Aspire.Hosting.Azure.Kubernetes/AksNodeVmSizes.cs @5bd693ae (sizes of AKS nodes).

import type { MachineSize } from "../node-pool.ts";

/** GiB a vCPU. */
const MEMORY_PER_CPU: Readonly<Record<string, number>> = { D: 4, E: 8 };
const SIZE = /^Standard_([DE])(2|4|8|16|20|32|48)[a-z]*_v[3-9]$/;

export function vmSize(size: string): MachineSize | undefined {
  const [, series = "", cpus] = SIZE.exec(size) ?? [];
  if (cpus === undefined) return undefined;
  return { cpu: cpus, memory: `${Number(cpus) * (MEMORY_PER_CPU[series] ?? 0)}Gi` };
}
