// What an EC2 instance type holds. The name says it: the family's letter fixes the memory per vCPU, the size the number of
// vCPUs. Source: AWS documentation, "Amazon EC2 instance type naming conventions" and "General purpose instances".

import type { MachineSize } from "../node-pool.ts";

/** GiB a vCPU. Burstable `t` types have 4 from `large` on. */
const MEMORY_PER_CPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, t: 4 };
const TYPE = /^([cmrt])\d[a-z]*\.(medium|large|(\d*)xlarge)$/;

/** Undefined for a type this cannot read. */
export function instanceSize(type: string): MachineSize | undefined {
  const match = TYPE.exec(type);
  if (match === null) return undefined;
  const [, family = "", size = "", multiple] = match;
  // t3.medium has two vCPUs and 4 GiB; other families start at one.
  if (family === "t" && size === "medium") return { cpu: "2", memory: "4Gi" };
  const cpus = cpusOf(size, multiple);
  return { cpu: String(cpus), memory: `${cpus * (MEMORY_PER_CPU[family] ?? 0)}Gi` };
}

function cpusOf(size: string, multiple: string | undefined): number {
  if (size === "medium") return 1;
  if (size === "large") return 2;
  return 4 * (multiple === undefined || multiple === "" ? 1 : Number(multiple));
}
