// Keys waiting to be reconciled: each at most once, with delays and per-key back-off.
// Mirrors client-go util/workqueue (default item-based limiter: 5 ms × 2ⁿ up to 1,000 s).
//
// Keys are handed out in rounds: a round starts after everything already queued on the clock has run, so that
// a burst of changes to one object costs one reconcile.

import type { Clock, InstantMs, Timer } from "../../core/index.ts";

export interface WorkQueue {
  add(key: string): void;
  /** Adds after a delay; of several pending delays of one key the earliest counts. */
  addAfter(key: string, delayMs: number): void;
  /** Adds after the key's back-off, which doubles with every call until `forget`. */
  addRateLimited(key: string): void;
  forget(key: string): void;
  /** Starts handing out keys. */
  start(): void;
  stop(): void;
  /** Keys waiting now, without those delayed or in work. */
  readonly size: number;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** How many keys are in work at once; never the same key twice. */
  readonly workers: number;
  /** Must not reject. */
  work(key: string): Promise<void>;
}

const BACKOFF_FIRST_MS = 5;
const BACKOFF_MAX_MS = 1_000_000;

/** The wait before the next try after `failures` failures in a row, `failures` ≥ 1. */
export function backoffMs(failures: number): number {
  return Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_MAX_MS);
}

export function createWorkQueue({ clock, workers, work }: WorkQueueOptions): WorkQueue {
  /** Changed since they were last handed out, in order of the first change. */
  const dirty = new Set<string>();
  const inWork = new Set<string>();
  const delayed = new Map<string, { readonly at: InstantMs; readonly timer: Timer }>();
  const failures = new Map<string, number>();
  let round: string[] = [];
  /** Index in `round` of the next key to hand out. */
  let next = 0;
  let active = 0;
  let scheduled = false;
  let running = false;
  let stopped = false;

  const schedule = (): void => {
    if (scheduled || !running || dirty.size === 0) return;
    scheduled = true;
    clock.defer(startRound);
  };
  const startRound = (): void => {
    scheduled = false;
    if (!running) return;
    for (const key of dirty) {
      if (inWork.has(key)) continue;
      dirty.delete(key);
      inWork.add(key);
      round.push(key);
    }
    const wanted = Math.min(workers - active, round.length - next);
    for (let started = 0; started < wanted; started += 1) void runWorker();
  };
  const runWorker = async (): Promise<void> => {
    active += 1;
    while (running && next < round.length) {
      const key = round[next];
      next += 1;
      if (key === undefined) break;
      await work(key);
      inWork.delete(key);
      if (dirty.has(key)) schedule();
    }
    active -= 1;
    if (next >= round.length) {
      round = [];
      next = 0;
    }
    schedule();
  };
  const add = (key: string): void => {
    dirty.add(key);
    schedule();
  };
  const addAfter = (key: string, delayMs: number): void => {
    if (delayMs <= 0) return add(key);
    // Work that was under way at the end may still ask; its timer would keep the process alive.
    if (stopped) return;
    const at = clock.now() + delayMs;
    const pending = delayed.get(key);
    if (pending !== undefined && pending.at <= at) return;
    pending?.timer.cancel();
    const timer = clock.setTimer(delayMs, () => {
      delayed.delete(key);
      add(key);
    });
    delayed.set(key, { at, timer });
  };
  return {
    add,
    addAfter,
    addRateLimited(key) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      addAfter(key, backoffMs(count));
    },
    forget: (key) => void failures.delete(key),
    start() {
      running = true;
      stopped = false;
      schedule();
    },
    stop() {
      running = false;
      stopped = true;
      for (const { timer } of delayed.values()) timer.cancel();
      delayed.clear();
    },
    get size() {
      return dirty.size;
    },
  };
}
