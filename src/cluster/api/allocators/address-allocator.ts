// Hands out addresses of IPv4 ranges. The first sixteenth of each (16 to 256 addresses) is left to those who ask for a
// certain address, as KEP-3070 reserves it. Mirrors kubernetes pkg/registry/core/service/ipallocator (ipallocator.go,
// cidrallocator.go).

import type { Rng } from "../../../core/index.ts";
import { invariant } from "../../../core/index.ts";

export type ClaimOutcome = "claimed" | "taken" | "out of range";

export interface AddressAllocator {
  /** The one the cluster was made with. */
  readonly range: string;
  /** A free address, or undefined when the ranges are full. */
  next(): string | undefined;
  claim(address: string): ClaimOutcome;
  release(address: string): void;
  /** The ranges beside the first, in the order in which they are used. */
  useToo(ranges: readonly string[]): void;
}

interface Block {
  readonly first: number;
  readonly count: number;
}

export function createAddressAllocator(range: string, rng: Rng): AddressAllocator {
  const own = parseRange(range);
  let blocks: readonly Block[] = [own];
  const taken = new Set<number>();
  return {
    range,
    next() {
      for (const block of blocks) {
        const address = freeIn(block, taken, rng);
        if (address === undefined) continue;
        taken.add(address);
        return formatAddress(address);
      }
      return undefined;
    },
    claim(address) {
      const value = parseAddress(address);
      if (!blocks.some((block) => isUsable(block, value))) return "out of range";
      if (taken.has(value)) return "taken";
      taken.add(value);
      return "claimed";
    },
    release: (address) => void taken.delete(parseAddress(address)),
    useToo(ranges) {
      blocks = [own, ...ranges.map(parseRange)];
    },
  };
}

/** Offset 0 is the network, the last one the broadcast address. */
function isUsable({ first, count }: Block, address: number): boolean {
  return address > first && address < first + count - 1;
}

function freeIn({ first, count }: Block, taken: ReadonlySet<number>, rng: Rng): number | undefined {
  const reserved = Math.min(Math.max(16, Math.floor(count / 16)), 256);
  const pick = (from: number, to: number): number | undefined => {
    const size = to - from;
    if (size <= 0) return undefined;
    const start = rng.below(size);
    for (let step = 0; step < size; step += 1) {
      const address = first + from + ((start + step) % size);
      if (!taken.has(address)) return address;
    }
    return undefined;
  };
  return pick(Math.min(reserved, count - 2), count - 1) ?? pick(1, reserved);
}

function parseRange(range: string): Block {
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
