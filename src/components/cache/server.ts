// What a server of a cache is given, whoever runs it: where it lives, how much of what, and what it may drop when it is full.

import {
  formatQuantity,
  invariant,
  multiplyQuantity,
  parseQuantity,
  quantityValue,
} from "../../core/index.ts";
import type { PlannedCache, WorkloadContainer } from "../../model/index.ts";

export const CACHE_NAMESPACE = "cache";
export const REDIS_PORT = 6379;
/** Beyond the data: clients' buffers and, while a snapshot is written, copies of the pages that change. */
const MEMORY_FACTOR = 2;
const CPU_LIMIT_FACTOR = 10;

export function serverResources(
  memory: string,
  cpu: string,
): Pick<WorkloadContainer, "requests" | "limits"> {
  const amount = times(memory, MEMORY_FACTOR);
  return {
    requests: { cpu, memory: amount },
    limits: { cpu: times(cpu, CPU_LIMIT_FACTOR), memory: amount },
  };
}

/** What is kept until it is removed must never be evicted; sessions go before their time, a cache's oldest first. */
export function evictionOf({ use }: Pick<PlannedCache, "use">): string {
  if (use.includes("structures")) return "noeviction";
  return use.includes("sessions") ? "volatile-lru" : "allkeys-lru";
}

export function memoryBytes({ memory }: Pick<PlannedCache, "memory">): number {
  return Math.floor(quantityValue(quantity(memory)));
}

function times(text: string, factor: number): string {
  return formatQuantity(multiplyQuantity(quantity(text), factor));
}

function quantity(text: string): NonNullable<ReturnType<typeof parseQuantity>> {
  const read = parseQuantity(text);
  invariant(read !== undefined, `${text} was read as a quantity`);
  return read;
}
