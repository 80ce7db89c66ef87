// Events wait for their turn, and those beyond a full queue are lost: a burst of pods must not keep a server busy with what was
// said about them. Mirrors client-go tools/events event_broadcaster.go (maxQueuedEvents) and the limits of kube-scheduler's
// event client (kubescheduler.config.k8s.io/v1 clientConnection: qps 50, burst 100).

import type { Clock, InstantMs, Timer } from "../../core/index.ts";

export interface EventQueue {
  /** Runs `write` now or when its turn comes. */
  offer(write: () => void): "taken" | "dropped";
  /** Forgets what waits. */
  stop(): void;
}

const QUEUED_MAX = 1000;
const PER_SECOND = 50;
const BURST = 100;
const TURN_MS = 1000;

export function createEventQueue(clock: Clock): EventQueue {
  const waiting: (() => void)[] = [];
  let tokens = BURST;
  let refilledAt: InstantMs = clock.now();
  const refill = (): void => {
    const now = clock.now();
    tokens = Math.min(BURST, tokens + ((now - refilledAt) / 1000) * PER_SECOND);
    refilledAt = now;
  };
  let timer: Timer | undefined;
  const waitForTurn = (): void => {
    // A turn of many at once: a timer for each would cost more than what is written.
    timer = clock.setTimer(TURN_MS, () => {
      refill();
      const due = waiting.splice(0, Math.floor(tokens));
      tokens -= due.length;
      for (const write of due) write();
      if (waiting.length > 0) waitForTurn();
    });
  };
  return {
    offer(write) {
      refill();
      if (waiting.length === 0 && tokens >= 1) {
        tokens -= 1;
        write();
        return "taken";
      }
      if (waiting.length >= QUEUED_MAX) return "dropped";
      if (waiting.length === 0) waitForTurn();
      waiting.push(write);
      return "taken";
    },
    stop() {
      waiting.length = 0;
      timer?.cancel();
    },
  };
}
