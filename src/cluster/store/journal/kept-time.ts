// Time that goes on from where an earlier process was, though the machine's clock was set back meanwhile: what an object
// says about time never runs backwards.

import type { Clock, InstantMs } from "../../../core/index.ts";

/** The same clock, never earlier than `floor` and never earlier than it was. */
export function keepTime(clock: Clock, floor: InstantMs): Clock {
  const aheadMs = Math.max(0, floor - clock.now());
  let latest = floor;
  return {
    now() {
      latest = Math.max(latest, clock.now() + aheadMs);
      return latest;
    },
    setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
    sleep: (delayMs) => clock.sleep(delayMs),
    defer: (callback) => clock.defer(callback),
  };
}
