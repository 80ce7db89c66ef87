// Time that moves only when told to, for tests and drills. Timers run in order of (instant, insertion).
//
// Draining: a macrotask (`defer` of the real clock) starts only when the promise queue is empty, however long
// the chains are, so one such turn after each instant proves that nothing is left to run before time moves.
// Sockets and worker threads are not waited for: under virtual time everything needed is in memory beforehand.

import { createRealClock } from "./clock.ts";
import type { Clock, InstantMs, Timer } from "./clock.ts";
import { invariant } from "./invariant.ts";

/** Why `runUntil` stopped: the condition held, no timer is left, or the time allowed has passed. */
export type RunOutcome = "met" | "idle" | "expired";

export interface VirtualClock extends Clock {
  /** Runs every timer due up to and including `instant`, then stands at `instant`. */
  advanceTo(instant: InstantMs): Promise<void>;
  advanceBy(durationMs: number): Promise<void>;
  /** Runs what is due at the present instant, without time passing. */
  settle(): Promise<void>;
  /** Moves from timer to timer until the condition holds after an instant has been drained. */
  runUntil(condition: () => boolean, limit: { readonly withinMs: number }): Promise<RunOutcome>;
  /** Moves until no timer is due within `quietMs`, leaving the clock at the last one that was. */
  runUntilQuiet(limit: {
    readonly quietMs: number;
    readonly withinMs: number;
  }): Promise<"quiet" | "expired">;
  /** When the next timer is due; undefined when there is none. */
  nextTimerAt(): InstantMs | undefined;
}

/** Rounds allowed within one instant before we call it a loop that never ends. */
const ROUNDS_MAX = 1_000_000;

export function createVirtualClock(start: InstantMs): VirtualClock {
  const turns = createRealClock();
  const timers = createTimerHeap();
  let now = start;
  let deferred = 0;
  let driving = false;
  let failure: { readonly error: unknown } | undefined;

  const setTimer = (delayMs: number, callback: () => void): Timer => {
    invariant(!Number.isNaN(delayMs), "a timer's delay is a number");
    return timers.push(now + Math.max(0, delayMs), callback);
  };

  const defer = (callback: () => void): void => {
    deferred += 1;
    turns.defer(() => {
      deferred -= 1;
      try {
        callback();
      } catch (error) {
        failure ??= { error };
      }
    });
  };

  const drain = async (): Promise<void> => {
    for (let round = 0; round === 0 || deferred > 0; round += 1) {
      invariant(round < ROUNDS_MAX, `the run queue never empties at ${now}`);
      await new Promise<void>((resolve) => turns.defer(resolve));
    }
    if (failure === undefined) return;
    const { error } = failure;
    failure = undefined;
    throw error;
  };

  /** Everything due at `now`, including timers of no delay set meanwhile. */
  const settleInstant = async (): Promise<void> => {
    await drain();
    for (let round = 0; timers.nextAt() <= now; round += 1) {
      invariant(round < ROUNDS_MAX, `timers without delay never end at ${now}`);
      for (const callback of timers.popDue(now)) callback();
      await drain();
    }
  };

  const drive = async <T>(run: () => Promise<T>): Promise<T> => {
    invariant(!driving, "one caller at a time moves a virtual clock");
    driving = true;
    try {
      return await run();
    } finally {
      driving = false;
    }
  };

  const moveTo = async (instant: InstantMs): Promise<void> => {
    invariant(instant >= now, "time does not run backwards");
    await settleInstant();
    while (timers.nextAt() <= instant) {
      now = timers.nextAt();
      await settleInstant();
    }
    now = instant;
  };

  const until = async (condition: () => boolean, withinMs: number): Promise<RunOutcome> => {
    const deadline = now + withinMs;
    await settleInstant();
    while (!condition()) {
      const next = timers.nextAt();
      if (next === Infinity) return "idle";
      if (next > deadline) {
        now = deadline;
        return "expired";
      }
      now = next;
      await settleInstant();
    }
    return "met";
  };

  return {
    now: () => now,
    setTimer,
    sleep: (delayMs) => new Promise((resolve) => void setTimer(delayMs, resolve)),
    defer,
    advanceTo: (instant) => drive(() => moveTo(instant)),
    advanceBy: (durationMs) => drive(() => moveTo(now + durationMs)),
    settle: () => drive(settleInstant),
    runUntil: (condition, { withinMs }) => drive(() => until(condition, withinMs)),
    runUntilQuiet: ({ quietMs, withinMs }) =>
      drive(async () => {
        const quiet = (): boolean => timers.nextAt() > now + quietMs;
        return (await until(quiet, withinMs)) === "expired" ? "expired" : "quiet";
      }),
    nextTimerAt: () => (timers.nextAt() === Infinity ? undefined : timers.nextAt()),
  };
}

interface Entry {
  readonly at: InstantMs;
  readonly order: number;
  /** Undefined once cancelled or run. */
  callback: (() => void) | undefined;
}

interface TimerHeap {
  push(at: InstantMs, callback: () => void): Timer;
  /** Infinity when empty. */
  nextAt(): InstantMs;
  /** Takes the timers due at `now`, in order; one cancelled by an earlier one of the batch does not run. */
  popDue(now: InstantMs): Iterable<() => void>;
}

/** A binary heap over (at, order); cancelled entries are dropped when they surface or outnumber the rest. */
function createTimerHeap(): TimerHeap {
  let heap: Entry[] = [];
  let order = 0;
  let cancelled = 0;

  const trim = (): void => {
    while (heap[0] !== undefined && heap[0].callback === undefined) {
      popRoot(heap);
      cancelled -= 1;
    }
  };
  const cancel = (entry: Entry): void => {
    if (entry.callback === undefined) return;
    entry.callback = undefined;
    cancelled += 1;
    if (cancelled < 1000 || cancelled * 2 < heap.length) return;
    heap = heap.filter((kept) => kept.callback !== undefined).toSorted(compareEntries);
    cancelled = 0;
  };
  return {
    push(at, callback) {
      const entry: Entry = { at, order: (order += 1), callback };
      heap.push(entry);
      siftUp(heap, heap.length - 1);
      return { cancel: () => cancel(entry) };
    },
    nextAt() {
      trim();
      return heap[0]?.at ?? Infinity;
    },
    *popDue(now) {
      const last = order;
      for (trim(); heap[0] !== undefined && heap[0].at <= now && heap[0].order <= last; trim()) {
        const { callback } = heap[0];
        invariant(callback !== undefined, "the root of a trimmed heap is live");
        heap[0].callback = undefined;
        popRoot(heap);
        yield callback;
      }
    },
  };
}

function compareEntries(a: Entry, b: Entry): number {
  return a.at - b.at || a.order - b.order;
}

function popRoot(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  siftDown(heap, 0);
}

function siftUp(heap: Entry[], start: number): void {
  for (let index = start; index > 0;) {
    const parent = (index - 1) >> 1;
    if (!swapIfLess(heap, index, parent)) return;
    index = parent;
  }
}

function siftDown(heap: Entry[], start: number): void {
  for (let index = start; ;) {
    const left = index * 2 + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    if (a === undefined) return;
    const child = b !== undefined && compareEntries(b, a) < 0 ? left + 1 : left;
    if (!swapIfLess(heap, child, index)) return;
    index = child;
  }
}

/** Swaps when the entry at `lower` belongs before the one at `upper`. */
function swapIfLess(heap: Entry[], lower: number, upper: number): boolean {
  const [a, b] = [heap[lower], heap[upper]];
  if (a === undefined || b === undefined || compareEntries(a, b) >= 0) return false;
  heap[lower] = b;
  heap[upper] = a;
  return true;
}
