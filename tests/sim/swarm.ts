// Swarm weights: every run leaves some operations and faults out altogether and favours others, so that runs differ in
// kind and not only in order (Groce et al., "Swarm Testing", ISSTA 2012).

import type { Rng } from "../../src/core/index.ts";

/** Name → weight; 0 is left out. At least one is not. */
export type Weights = ReadonlyMap<string, number>;

const WEIGHT_MAX = 10;

export function drawWeights(names: readonly string[], rng: Rng): Weights {
  const weights = names.map(
    (name) => [name, rng.below(3) === 0 ? 0 : 1 + rng.below(WEIGHT_MAX)] as const,
  );
  const drawn = new Map(weights);
  if (weights.every(([, weight]) => weight === 0)) drawn.set(pick(names, rng), 1);
  return drawn;
}

export function pickWeighted(weights: Weights, rng: Rng): string {
  let at = rng.below([...weights.values()].reduce((sum, weight) => sum + weight, 0));
  for (const [name, weight] of weights) {
    at -= weight;
    if (at < 0) return name;
  }
  throw new Error("no weight is above 0");
}

export function pick<T>(items: readonly T[], rng: Rng): T {
  if (items.length === 0) throw new Error("nothing to pick from");
  // The index is within the list.
  return items[rng.below(items.length)] as T;
}
