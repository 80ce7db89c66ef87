// Hashes of pod templates, in the alphabet of generated names. The value differs from the one a real control
// plane would compute (which hashes Go's memory layout); only its stability and form matter.

import { canonicalJson, hash32, NAME_ALPHABET } from "../../core/index.ts";

/** Eight to ten characters; the same for structurally equal templates and equal collision counts. */
export function templateHash(template: unknown, collisionCount = 0): string {
  const seed = collisionCount === 0 ? "" : `/${collisionCount}`;
  return safeText(hash32(canonicalJson(template) + seed));
}

/** Decimal digits mapped into the alphabet without vowels, as `rand.SafeEncodeString` does. */
function safeText(hash: number): string {
  return String(hash)
    .padStart(8, "0")
    .replaceAll(/\d/g, (digit) => NAME_ALPHABET[digit.charCodeAt(0) % NAME_ALPHABET.length] ?? "");
}
