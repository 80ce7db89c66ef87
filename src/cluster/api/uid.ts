// Uids in the shape of a random (version 4) UUID, drawn from the seeded source so that a run repeats.

import type { Rng } from "../../core/index.ts";

export function createUid(rng: Rng): string {
  const hex = word(rng) + word(rng) + word(rng) + word(rng);
  const variant = "89ab"[rng.below(4)] ?? "8";
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** 32 bits as eight digits. */
function word(rng: Rng): string {
  const bits = rng.below(2 ** 32);
  return pair(bits >>> 24) + pair(bits >>> 16) + pair(bits >>> 8) + pair(bits);
}

function pair(bits: number): string {
  return PAIRS[bits & 0xff] ?? "";
}

/** Every byte as two digits: printing large numbers takes a detour through floating point. */
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
