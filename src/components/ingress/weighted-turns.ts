// Whose turn it is among backends with weights: never more than one request away from the exact shares, in an order that
// mixes them. The smooth weighted round robin of nginx (ngx_http_upstream_round_robin.c).

export interface WeightedTurns {
  /** The index of the one whose turn it is; undefined when no weight is above 0. `of` keeps turns apart, and their weights. */
  next(of: object, weights: readonly number[]): number | undefined;
}

export function createWeightedTurns(): WeightedTurns {
  const kept = new WeakMap<object, number[]>();
  return {
    next(of, weights) {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      if (total <= 0) return undefined;
      const current = kept.get(of) ?? weights.map(() => 0);
      kept.set(of, current);
      let best = -1;
      for (const [index, weight] of weights.entries()) {
        if (weight <= 0) continue;
        current[index] = (current[index] ?? 0) + weight;
        if (best < 0 || (current[index] ?? 0) > (current[best] ?? 0)) best = index;
      }
      current[best] = (current[best] ?? 0) - total;
      return best;
    },
  };
}
