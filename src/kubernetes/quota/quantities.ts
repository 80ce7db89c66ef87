// Lists of exact quantities by resource name, and the few things quotas and limit ranges do with them.
// Mirrors k8s.io/apiserver pkg/quota/v1/resources.go: sums keep the format of their first operand.

import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
} from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import type { ResourceList } from "../scheduling/index.ts";

export type Quantities = ReadonlyMap<string, Quantity>;

export const ONE: Quantity = { nanos: 1_000_000_000n, format: "DecimalSI" };

export function count(pieces: number): Quantity {
  return { nanos: BigInt(pieces) * ONE.nanos, format: "DecimalSI" };
}

/** What is no quantity is left out: the API has refused it already. */
export function readQuantities(list: ResourceList | undefined): Map<string, Quantity> {
  const read = new Map<string, Quantity>();
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = parseQuantity(text);
    if (quantity !== undefined) read.set(name, quantity);
  }
  return read;
}

export function formatQuantities(quantities: Quantities): Readonly<Record<string, string>> {
  return Object.fromEntries([...quantities].map(([name, one]) => [name, formatQuantity(one)]));
}

export function addAllQuantities(total: Map<string, Quantity>, more: Quantities): void {
  for (const [name, quantity] of more) {
    const sum = total.get(name);
    total.set(name, sum === undefined ? quantity : addQuantities(sum, quantity));
  }
}

/** Raises `total` to `floor` wherever that is more. */
export function raiseQuantities(total: Map<string, Quantity>, floor: Quantities): void {
  for (const [name, quantity] of floor) {
    const known = total.get(name);
    if (known === undefined || compareQuantities(quantity, known) > 0) total.set(name, quantity);
  }
}

export function onlyQuantities(quantities: Quantities, names: ReadonlySet<string>): Quantities {
  return new Map([...quantities].filter(([name]) => names.has(name)));
}
