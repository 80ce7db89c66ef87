// The network between controllers and the API, as it is on a bad day: refused and lost answers, conflicts that somebody
// else caused, late events, cut watches. When its process dies, nothing that was under way ever comes back.

import type { Clock, Rng } from "../../src/core/index.ts";
import { statusError } from "../../src/kubernetes/index.ts";
import type { KubeApi, ObjectRef, Watch, WatchEvent } from "../../src/kubernetes/index.ts";

/** Chances from 0 to 1, of every call or watch. */
export interface FaultRates {
  /** Somebody else changes the object just before it is written. */
  readonly conflict: number;
  /** A call fails before anything is done. */
  readonly refused: number;
  /** A write is done and its answer never arrives. */
  readonly lostAnswer: number;
  /** A call waits first. */
  readonly slow: number;
  /** A watch tells its events late. */
  readonly stale: number;
}

export const NO_FAULTS: FaultRates = { conflict: 0, refused: 0, lostAnswer: 0, slow: 0, stale: 0 };

export interface FaultyNetwork {
  wrap(api: KubeApi): KubeApi;
  /** Ends open watches as a broken connection does; `share` of them. */
  cutWatches(share: number): void;
}

export interface NetworkOptions {
  readonly rng: Rng;
  readonly clock: Clock;
  readonly rates: () => FaultRates;
  readonly isAlive: () => boolean;
}

const SLOW_MS = 400;
const STALE_MS = 5_000;

export function createFaultyNetwork(options: NetworkOptions): FaultyNetwork {
  const { rng, clock, rates, isAlive } = options;
  const open = new Set<Watch>();
  const chance = (rate: number): boolean => rate > 0 && rng.next() < rate;
  const whileAlive = <T>(answer: T): Promise<T> =>
    isAlive() ? Promise.resolve(answer) : new Promise<T>(() => {});

  const call = async <T>(
    verb: string,
    kind: "read" | "write",
    work: () => Promise<T>,
  ): Promise<T> => {
    const { refused, lostAnswer, slow } = rates();
    if (chance(slow)) await clock.sleep(rng.below(SLOW_MS));
    await whileAlive(undefined);
    if (chance(refused)) throw statusError("InternalError", `simulated: ${verb} is refused`);
    try {
      const answer = await work();
      if (kind === "write" && chance(lostAnswer)) {
        throw statusError("InternalError", `simulated: the answer of ${verb} is lost`);
      }
      return await whileAlive(answer);
    } catch (error) {
      await whileAlive(undefined);
      throw error;
    }
  };
  let touches = 0;
  /** A write that carries the version it was made from conflicts with this one. */
  const touch = async (api: KubeApi, ref: ObjectRef): Promise<void> => {
    if (!chance(rates().conflict)) return;
    touches += 1;
    const body = { metadata: { annotations: { "sim.example.com/touched": String(touches) } } };
    await api.patch(ref, { type: "merge", body }).catch(() => {});
  };
  const late = (onEvent: (event: WatchEvent) => void): ((event: WatchEvent) => void) => {
    if (!chance(rates().stale)) return (event) => void (isAlive() && onEvent(event));
    let due = 0;
    return (event) => {
      const delay = rates().stale > 0 ? rng.below(STALE_MS) : 0;
      due = Math.max(due, clock.now() + delay);
      clock.setTimer(due - clock.now(), () => void (isAlive() && onEvent(event)));
    };
  };

  return {
    wrap: (api) => ({
      get: (ref, more) => call("get", "read", () => api.get(ref, more)),
      list: (kind, more) => call("list", "read", () => api.list(kind, more)),
      watch(kind, more, onEvent) {
        const watch = api.watch(kind, more, late(onEvent));
        open.add(watch);
        void watch.done.then(() => open.delete(watch));
        return watch;
      },
      create: (object, more) => call("create", "write", () => api.create(object, more)),
      update: (object, more) =>
        call("update", "write", async () => {
          await touch(api, { ...object, ...object.metadata });
          return api.update(object, more);
        }),
      patch: (ref, patch, more) =>
        call("patch", "write", async () => {
          await touch(api, ref);
          return api.patch(ref, patch, more);
        }),
      apply: (object, more) => call("apply", "write", () => api.apply(object, more)),
      delete: (ref, more) => call("delete", "write", () => api.delete(ref, more)),
      discovery: () => call("discovery", "read", () => api.discovery()),
    }),
    cutWatches(share) {
      for (const watch of open) if (chance(share)) watch.stop();
    },
  };
}
