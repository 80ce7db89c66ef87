// Equal parts of objects, made one: pods of one template that reach a stage within the same second have the same conditions,
// and clients create many objects with one spec. One frozen value for all of them is decoded, compared and kept once.

import { deepFreeze } from "./freeze.ts";

/** As many as there are templates times stages within a few seconds. */
const REMEMBERED_MAX = 2_000;
const REMEMBERED_CHARS_MAX = 4 * 1024 * 1024;
/** What is longer is hardly written twice, but for its copies' sake. */
const CHARS_MAX = 32 * 1024;

export interface Alike {
  /** The value itself, or an equal one that was given before; frozen, unless it is too long to be remembered. */
  <T extends object>(value: T): T;
}

export function createAlike(): Alike {
  const known = new Map<string, object>();
  let chars = 0;
  const remember = (text: string, value: object): void => {
    if (known.size >= REMEMBERED_MAX || chars + text.length > REMEMBERED_CHARS_MAX) {
      known.clear();
      chars = 0;
    }
    known.set(text, deepFreeze(value));
    chars += text.length;
  };
  return <T extends object>(value: T): T => {
    // Frozen by whoever shares it.
    if (Object.isFrozen(value)) return value;
    const text = JSON.stringify(value);
    if (text.length > CHARS_MAX) return value;
    const shared = known.get(text);
    if (shared === undefined) remember(text, value);
    // Equal texts are equal values of one shape.
    return (shared as T | undefined) ?? value;
  };
}
