// Hands out node ports. Kubernetes' default range is 30000 to 32767.

import type { Rng } from "../../../core/index.ts";
import type { ClaimOutcome } from "./address-allocator.ts";

export interface PortAllocator {
  next(): number | undefined;
  claim(port: number): ClaimOutcome;
  release(port: number): void;
}

export const NODE_PORTS = { from: 30_000, to: 32_767 } as const;

export function createPortAllocator(rng: Rng, { from, to } = NODE_PORTS): PortAllocator {
  const taken = new Set<number>();
  const size = to - from + 1;
  return {
    next() {
      const start = rng.below(size);
      for (let step = 0; step < size; step += 1) {
        const port = from + ((start + step) % size);
        if (taken.has(port)) continue;
        taken.add(port);
        return port;
      }
      return undefined;
    },
    claim(port) {
      if (port < from || port > to) return "out of range";
      if (taken.has(port)) return "taken";
      taken.add(port);
      return "claimed";
    },
    release: (port) => void taken.delete(port),
  };
}
