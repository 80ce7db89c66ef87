// Equal parts of what nodes report, made one: pods of one template that reach a stage within the same second have the same
// conditions and container statuses. One frozen value for all of them is decoded, compared and kept once.

import { deepFreeze } from "../store/freeze.ts";

/** As many as there are templates times stages within a few seconds. */
const REMEMBERED_MAX = 2_000;

export interface Alike {
  /** The value itself, or an equal one that was given before. */
  <T extends object>(value: T): T;
}

export function createAlike(): Alike {
  const known = new Map<string, object>();
  return <T extends object>(value: T): T => {
    // Frozen by whoever shares it.
    if (Object.isFrozen(value)) return value;
    const text = JSON.stringify(value);
    let shared = known.get(text);
    if (shared === undefined) {
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(text, (shared = deepFreeze(value)));
    }
    // Equal texts are equal values of one shape.
    return shared as T;
  };
}
