// Hands out addresses of an IPv4 range. The first sixteenth (16 to 256 addresses) is left to those who ask for a
// certain address, as KEP-3070 reserves it. Mirrors kubernetes pkg/registry/core/service/ipallocator.

import type { Rng } from "../../../core/index.ts";
import { invariant } from "../../../core/index.ts";

export type ClaimOutcome = "claimed" | "taken" | "out of range";

export interface AddressAllocator {
  readonly range: string;
  /** A free address, or undefined when the range is full. */
  next(): string | undefined;
  claim(address: string): ClaimOutcome;
  release(address: string): void;
}

export function createAddressAllocator(range: string, rng: Rng): AddressAllocator {
  const { first, count } = parseRange(range);
  const taken = new Set<number>();
  const reserved = Math.min(Math.max(16, Math.floor(count / 16)), 256);
  const pick = (from: number, to: number): number | undefined => {
    const size = to - from;
    if (size <= 0) return undefined;
    const start = rng.below(size);
    for (let step = 0; step < size; step += 1) {
      const offset = from + ((start + step) % size);
      if (!taken.has(offset)) return offset;
    }
    return undefined;
  };
  return {
    range,
    next() {
      // Offset 0 is the network, the last one the broadcast address.
      const offset = pick(Math.min(reserved, count - 2), count - 1) ?? pick(1, reserved);
      if (offset === undefined) return undefined;
      taken.add(offset);
      return formatAddress(first + offset);
    },
    claim(address) {
      const offset = parseAddress(address) - first;
      if (!(offset > 0 && offset < count - 1)) return "out of range";
      if (taken.has(offset)) return "taken";
      taken.add(offset);
      return "claimed";
    },
    release: (address) => void taken.delete(parseAddress(address) - first),
  };
}

function parseRange(range: string): { readonly first: number; readonly count: number } {
  const [address = "", prefix = ""] = range.split("/");
  const bits = 32 - Number(prefix);
  const count = 2 ** bits;
  const at = parseAddress(address);
  invariant(Number.isInteger(bits) && bits >= 2 && bits <= 32 && at >= 0, `bad range ${range}`);
  return { first: at - (at % count), count };
}

/** NaN when the text is no IPv4 address. */
export function parseAddress(text: string): number {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255))
    return NaN;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
