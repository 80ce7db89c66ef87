// Randomness of an API that begins with a store an earlier process has filled. All streams of the seeded source run through
// one cycle of 2³² draws and may meet; what is drawn here is salted by where the store stood, so that even then no uid
// is made twice.

import { invariant } from "../../core/index.ts";
import type { Rng } from "../../core/index.ts";
import type { Revision } from "../store/index.ts";

const WORD = 2 ** 32;

/** The same stream for an empty store; another one for every revision it begins at. */
export function streamFrom(rng: Rng, revision: Revision): Rng {
  if (revision === 0) return rng;
  const own = rng.fork(`from/${revision}`);
  return salted(own, rng.fork(`salt/${revision}`).below(WORD));
}

function salted(rng: Rng, salt: number): Rng {
  const next = (): number => ((rng.below(WORD) ^ salt) >>> 0) / WORD;
  const below = (bound: number): number => Math.floor(next() * bound);
  const pick = (alphabet: string): string => {
    invariant(alphabet.length > 0, "text is drawn from some alphabet");
    return alphabet[below(alphabet.length)] ?? "";
  };
  return {
    next,
    below,
    text: (length, alphabet) => Array.from({ length }, () => pick(alphabet)).join(""),
    fork: (name) => salted(rng.fork(name), salt),
  };
}
