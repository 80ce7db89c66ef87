// Seeded randomness. Math.random is banned elsewhere, so that one seed repeats a run.

export interface Rng {
  /** A float in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
  /** `length` characters drawn from `alphabet`. */
  text(length: number, alphabet: string): string;
  /** An independent stream that depends only on the seed and the name. */
  fork(name: string): Rng;
}

/** The alphabet of Kubernetes' generated names (apimachinery pkg/util/rand): no vowels, no look-alikes. */
export const NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Mulberry32 over a 32-bit hash of the seed; small, fast, good enough for jitter and names. */
export function createRng(seed: string): Rng {
  let state = hash32(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  const text = (length: number, alphabet: string): string => {
    let drawn = "";
    for (let count = 0; count < length; count += 1) drawn += alphabet[below(alphabet.length)];
    return drawn;
  };
  return { next, below, text, fork: (name) => createRng(`${seed}/${name}`) };
}

/** FNV-1a, 32 bit, over UTF-16 code units. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
