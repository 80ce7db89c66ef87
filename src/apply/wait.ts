// Waiting for objects to be healthy, or gone, over watches.

import type { Clock, Timer } from "../core/index.ts";
import { healthOf, type Health, type KubeApi, type ObjectRef } from "../kubernetes/index.ts";
import { identityOf } from "./inventory.ts";
import { watchRefs } from "./watch-refs.ts";

export interface ObjectHealth {
  readonly ref: ObjectRef;
  readonly health: Health;
}

export type WaitOutcome = "healthy" | "degraded" | "timed-out" | "interrupted";

export interface WaitResult {
  readonly outcome: WaitOutcome;
  /** Every object, in the order given. */
  readonly objects: readonly ObjectHealth[];
}

export interface WaitOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Called whenever an object's health changes. */
  readonly onProgress?: (changed: ObjectHealth, settled: number, total: number) => void;
  /**
   * How long an object may stay degraded before the wait gives up on it. Default: until the time-out, because pods
   * crash while what they need is still starting.
   */
  readonly degradedMs?: number;
  readonly signal?: AbortSignal;
}

const NOT_SEEN: Health = { status: "Unknown", message: "not looked at yet" };

/** Suspended counts as settled: somebody wants it so. */
export function isSettled({ status }: Health): boolean {
  return status === "Healthy" || status === "Suspended";
}

/** Resolves once all are settled, or with what was wrong; rejects only when the API refuses to list. */
export function waitForHealth(
  api: KubeApi,
  refs: readonly ObjectRef[],
  options: WaitOptions,
): Promise<WaitResult> {
  return waitUntil(api, refs, options, isSettled);
}

/** Resolves `healthy` once none of the objects is there any more. */
export function waitForAbsence(
  api: KubeApi,
  refs: readonly ObjectRef[],
  options: WaitOptions,
): Promise<WaitResult> {
  return waitUntil(api, refs, options, ({ status }) => status === "Missing");
}

async function waitUntil(
  api: KubeApi,
  refs: readonly ObjectRef[],
  options: WaitOptions,
  isDone: (health: Health) => boolean,
): Promise<WaitResult> {
  const states = new Map(refs.map((ref) => [identityOf(ref), { ref, health: NOT_SEEN }]));
  const objects = (): ObjectHealth[] => [...states.values()];
  if (refs.length === 0) return { outcome: "healthy", objects: [] };
  const timers: Timer[] = [];
  const degradedTimers = new Map<string, Timer>();
  let conclude: (outcome: WaitOutcome) => void = () => undefined;
  const concluded = new Promise<WaitOutcome>((resolve) => (conclude = resolve));
  const interrupt = (): void => conclude("interrupted");

  const watch = watchRefs(api, refs, {
    clock: options.clock,
    onChange(ref, object) {
      const key = identityOf(ref);
      const health = healthOf(object);
      const before = states.get(key)?.health;
      if (before?.status === health.status && before.message === health.message) return;
      states.set(key, { ref, health });
      followDegraded(key, health);
      const settled = objects().filter((state) => isDone(state.health)).length;
      options.onProgress?.({ ref, health }, settled, states.size);
      if (settled === states.size) conclude("healthy");
    },
  });
  const followDegraded = (key: string, { status }: Health): void => {
    if (status !== "Degraded") {
      degradedTimers.get(key)?.cancel();
      degradedTimers.delete(key);
    } else if (options.degradedMs !== undefined && !degradedTimers.has(key)) {
      const timer = options.clock.setTimer(options.degradedMs, () => conclude("degraded"));
      degradedTimers.set(key, timer);
    }
  };

  timers.push(options.clock.setTimer(options.timeoutMs, () => conclude("timed-out")));
  options.signal?.addEventListener("abort", interrupt, { once: true });
  if (options.signal?.aborted === true) interrupt();
  try {
    const refused = watch.done.then(() => concluded);
    return { outcome: await Promise.race([concluded, refused]), objects: objects() };
  } finally {
    for (const timer of [...timers, ...degradedTimers.values()]) timer.cancel();
    options.signal?.removeEventListener("abort", interrupt);
    watch.stop();
  }
}
