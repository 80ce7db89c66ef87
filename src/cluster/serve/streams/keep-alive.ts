// Writes something on a stream's connection now and then, so that a client that vanished without a word is found out.

import { SECOND_MS } from "../../../core/index.ts";
import type { Clock } from "../../../core/index.ts";

const INTERVAL_MS = 30 * SECOND_MS;

export function keepAlive(clock: Clock, gone: AbortSignal, ping: () => void): void {
  const next = (): ReturnType<Clock["setTimer"]> =>
    clock.setTimer(INTERVAL_MS, () => {
      ping();
      timer = next();
    });
  let timer = next();
  gone.addEventListener("abort", () => timer.cancel(), { once: true });
}
