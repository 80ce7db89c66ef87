// `&&`, `||` and `? :`. The first two are commutative towards errors: `true || fail` and `fail || true` are both true.

import { CelError, type CelValue } from "../values/value.ts";
import { type Frame, noSuchOverload, type Plan } from "./frame.ts";

export const planOr = (args: readonly Plan[]): Plan => planLogic("_||_", true, args);
export const planAnd = (args: readonly Plan[]): Plan => planLogic("_&&_", false, args);

/** `decisive` settles the result whatever the other side is. */
function planLogic(name: string, decisive: boolean, [first, second]: readonly Plan[]): Plan {
  return (frame) => {
    const left = attempt(first as Plan, frame);
    if (left === decisive) return decisive;
    const right = attempt(second as Plan, frame);
    if (right === decisive) return decisive;
    for (const side of [left, right]) {
      if (side instanceof CelError) throw side;
    }
    if (typeof left !== "boolean" || typeof right !== "boolean") {
      return noSuchOverload(name, [left as CelValue, right as CelValue]);
    }
    return !decisive;
  };
}

/** The value, or the error as a value. Running out of cost is no such error. */
export function attempt(plan: Plan, frame: Frame): CelValue | CelError {
  try {
    return plan(frame);
  } catch (error) {
    if (error instanceof CelError) return error;
    throw error;
  }
}

export function planChoice([condition, yes, no]: readonly Plan[]): Plan {
  return (frame) => {
    const chosen = (condition as Plan)(frame);
    if (typeof chosen !== "boolean") return noSuchOverload("_?_:_", [chosen]);
    return ((chosen ? yes : no) as Plan)(frame);
  };
}
