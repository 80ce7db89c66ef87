// Real time that passes faster for the cluster: an hour of cluster time in a minute, for a person who waits. Sockets,
// TLS and HTTP timeouts keep the real clock.

import { createRealClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { invariant } from "./invariant.ts";

/** Shows the present at first, then `factor` seconds for every second of `base`; timers fire as much earlier. */
export function createScaledClock(factor: number, base: Clock = createRealClock()): Clock {
  invariant(Number.isFinite(factor) && factor > 0, "time passes at a speed above 0");
  const start = base.now();
  /** Timers of the system count whole milliseconds; one too early would find nothing due. */
  const realDelay = (delayMs: number): number => Math.ceil(Math.max(0, delayMs) / factor);
  return {
    now: () => Math.floor(start + (base.now() - start) * factor),
    setTimer: (delayMs, callback) => base.setTimer(realDelay(delayMs), callback),
    sleep: (delayMs) => base.sleep(realDelay(delayMs)),
    defer: (callback) => base.defer(callback),
  };
}
