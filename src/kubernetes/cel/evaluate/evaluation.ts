// What one evaluation may cost. The units are cel-go's (interpreter/runtimecost.go, apiserver pkg/cel/library/cost.go), close enough
// that an expression the real server accepts is not stopped here, and no expression holds up the process.

import { CelCostError } from "../values/value.ts";

/** apiserver pkg/apis/cel/config.go PerCallLimit. */
export const COST_PER_CALL = 1_000_000;
/** RuntimeCELCostBudget: for all expressions of one object. */
export const COST_BUDGET = 10_000_000;

export class Evaluation {
  spent = 0;
  readonly #limit: number;

  constructor(limit = COST_PER_CALL) {
    this.#limit = limit;
  }

  spend(cost: number): void {
    this.spent += cost;
    if (this.spent > this.#limit) throw new CelCostError();
  }

  /** For walking through a text, list or map once. */
  walk(size: number): void {
    this.spend(Math.ceil(size * 0.1));
  }
}
