// What the containers of a pod ask for together. Mirrors AggregateContainerRequests and AggregateContainerLimits of
// k8s.io/component-helpers resource/helpers.go @v0.36.2, in whole quantities.

import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  plainText,
  ZERO_QUANTITY,
} from "../../core/index.ts";
import type { Quantity } from "../../core/index.ts";
import { recordsAt } from "./validation/fields.ts";

type Scope = Readonly<Record<string, unknown>>;
/** Resource → amount. */
export type Sums = ReadonlyMap<string, Quantity>;

/** Containers that run, with sidecars, or the most that one before them takes with the sidecars it finds. */
export function sumContainers(spec: Scope, amountsOf: (container: Scope) => Scope): Sums {
  let sum: Sums = new Map();
  let sidecars: Sums = new Map();
  let before: Sums = new Map();
  for (const container of recordsAt(spec, "containers"))
    sum = plus(sum, parsed(amountsOf(container)));
  for (const container of recordsAt(spec, "initContainers")) {
    const amounts = parsed(amountsOf(container));
    const together = plus(sidecars, amounts);
    if (container["restartPolicy"] === "Always") {
      sum = plus(sum, amounts);
      sidecars = together;
    }
    before = merge(before, together, greater);
  }
  return merge(sum, before, greater);
}

function parsed(amounts: Scope): Sums {
  const quantities = Object.entries(amounts).map(([name, amount]): [string, Quantity] => [
    name,
    parseQuantity(plainText(amount)) ?? ZERO_QUANTITY,
  ]);
  return new Map(quantities);
}

function plus(a: Sums, b: Sums): Sums {
  return merge(a, b, addQuantities);
}

function greater(one: Quantity, other: Quantity): Quantity {
  return compareQuantities(one, other) >= 0 ? one : other;
}

function merge(a: Sums, b: Sums, join: (one: Quantity, other: Quantity) => Quantity): Sums {
  const result = new Map(a);
  for (const [name, amount] of b) {
    const known = result.get(name);
    result.set(name, known === undefined ? amount : join(known, amount));
  }
  return result;
}
