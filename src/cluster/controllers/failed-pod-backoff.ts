// How long a failed daemon pod stays before it is replaced: 1 s doubling to 15 min per node, forgotten after twice that
// without a failure. Mirrors client-go util/flowcontrol/backoff.go as pkg/controller/daemon uses it.

import type { Clock, InstantMs } from "../../core/index.ts";

const FIRST_MS = 1000;
const MAX_MS = 900_000;

export interface FailedPodBackoff {
  /** Milliseconds until a failed pod under this key may be replaced; 0: now. */
  remainingMs(key: string): number;
  /** Notes that one has been replaced. */
  next(key: string): void;
}

export function createFailedPodBackoff(clock: Clock): FailedPodBackoff {
  const entries = new Map<string, { readonly delayMs: number; readonly since: InstantMs }>();
  const live = (
    key: string,
  ): { readonly delayMs: number; readonly since: InstantMs } | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || clock.now() - entry.since <= 2 * MAX_MS) return entry;
    entries.delete(key);
    return undefined;
  };
  return {
    remainingMs(key) {
      const entry = live(key);
      return entry === undefined ? 0 : Math.max(0, entry.since + entry.delayMs - clock.now());
    },
    next(key) {
      const before = live(key);
      const delayMs = before === undefined ? FIRST_MS : Math.min(before.delayMs * 2, MAX_MS);
      entries.set(key, { delayMs, since: clock.now() });
    },
  };
}
