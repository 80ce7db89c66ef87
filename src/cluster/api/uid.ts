// Uids in the shape of a random (version 4) UUID, drawn from the seeded source so that a run repeats.

import type { Rng } from "../../core/index.ts";

export function createUid(rng: Rng): string {
  const hex = word(rng) + word(rng) + word(rng) + word(rng);
  const variant = "89ab"[rng.below(4)] ?? "8";
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** 32 bits as eight digits. */
function word(rng: Rng): string {
  return (rng.below(2 ** 32) + 2 ** 32).toString(16).slice(1);
}
