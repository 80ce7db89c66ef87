// What follows from a frozen part of an object, worked out once: pods of one template share their spec, go the same way
// through admission and past the nodes, and come out sharing what they got there.

import { deepFreeze } from "./freeze.ts";

/**
 * The last answer for `from`, as long as all of `by` is the same; otherwise what `derive` makes, frozen. A part that is not
 * frozen is nobody else's, and nothing is remembered of it.
 */
export type DeriveOnce<T> = (from: object, by: readonly unknown[], derive: () => T) => T;

export function deriveOnce<T>(): DeriveOnce<T> {
  const known = new WeakMap<object, { readonly by: readonly unknown[]; readonly result: T }>();
  return (from, by, derive) => {
    if (!Object.isFrozen(from)) return derive();
    const last = known.get(from);
    if (last !== undefined && isSame(last.by, by)) return last.result;
    const result = deepFreeze(derive());
    known.set(from, { by, result });
    return result;
  };
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  for (let index = 0; index < b.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
