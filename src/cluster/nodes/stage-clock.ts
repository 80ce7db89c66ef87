// When pods leave their stages. A delay is drawn once, when the stage is entered, from the pod's uid, whatever the order
// of events.

import { createRng } from "../../core/index.ts";
import type { Clock, InstantMs } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { PodStage, StageDelay, StageDelays } from "./pod-stages.ts";
import { stagesOf } from "./pod-stages.ts";
import { currentInit } from "./pod-status.ts";
import { simulationOf } from "./simulation-annotations.ts";
import type { Simulation } from "./simulation-annotations.ts";

export interface Due {
  readonly stage: PodStage;
  readonly at: InstantMs;
}

export interface StageClock {
  /** The stage that comes first; undefined when the pod stays as it is. */
  next(pod: Pod): Due | undefined;
  /** The stage has been passed; when it is entered again, its delay is drawn anew. */
  passed(pod: Pod, stage: PodStage): void;
  /** When something was first seen of a pod. */
  since(pod: Pod, what: string): InstantMs;
  forget(uid: string): void;
}

export interface StageClockOptions {
  readonly clock: Clock;
  readonly stages: readonly PodStage[];
  readonly delays: StageDelays;
  /** Everything falls on multiples of this. */
  readonly tickMs: number;
  seed(): string;
  onEnter(pod: Pod, stage: PodStage): void;
}

export function createStageClock(options: StageClockOptions): StageClock {
  const { clock, stages, delays, tickMs, seed } = options;
  const entered = new Map<string, Map<string, InstantMs>>();
  const knownOf = (pod: Pod): Map<string, InstantMs> => {
    const { uid = "" } = pod.metadata;
    let known = entered.get(uid);
    if (known === undefined) entered.set(uid, (known = new Map()));
    return known;
  };
  const onTick = (instant: InstantMs): InstantMs => Math.ceil(instant / tickMs) * tickMs;
  const dueAt = (pod: Pod, stage: PodStage, simulation: Simulation): InstantMs => {
    if (stage.at !== undefined) return onTick(stage.at(pod, simulation) ?? Infinity);
    const { uid = "" } = pod.metadata;
    const key = stage.name + turnOf(pod);
    const drawn = entered.get(uid)?.get(key);
    if (drawn !== undefined) return drawn;
    const now = clock.now();
    const own = stage.delay?.(pod, simulation, now);
    const delay = own ?? delays[stage.name];
    const jitter =
      delay.jitterMs === 0 ? 0 : createRng(`${seed()}/${uid}/${key}`).next() * delay.jitterMs;
    const wait = limited(pod, stage, delay) + jitter;
    options.onEnter(pod, stage);
    // What is due at once is passed at once; only an end may take several attempts.
    if (wait === 0 && own === undefined && stage.name !== "terminate") return now;
    const at = wait === 0 ? now : onTick(now + wait);
    knownOf(pod).set(key, at);
    return at;
  };
  return {
    next(pod) {
      let first: Due | undefined;
      const simulation = simulationOf(pod);
      for (const stage of stagesOf(pod, stages, simulation)) {
        const at = dueAt(pod, stage, simulation);
        if (first === undefined || at < first.at) first = { stage, at };
      }
      return first;
    },
    passed: (pod, stage) =>
      void entered.get(pod.metadata.uid ?? "")?.delete(stage.name + turnOf(pod)),
    since(pod, what) {
      const known = knownOf(pod);
      const seen = known.get(what) ?? clock.now();
      known.set(what, seen);
      return seen;
    },
    forget: (uid) => void entered.delete(uid),
  };
}

/** The round of the stages a pod is in: what restarts, and every init container, goes through them anew. */
function turnOf(pod: Pod): string {
  return `/${restartsOf(pod)}/${currentInit(pod)?.container.name ?? ""}`;
}

/** Of the container that was started most often. */
export function restartsOf({ status }: Pod): number {
  let most = 0;
  const statuses = status?.containerStatuses;
  if (statuses === undefined) return 0;
  for (const { restartCount } of statuses) if (restartCount > most) most = restartCount;
  return most;
}

/** Termination takes no longer than the grace period. */
function limited(pod: Pod, stage: PodStage, delay: StageDelay): number {
  const grace = pod.metadata.deletionGracePeriodSeconds;
  if (stage.name !== "terminate" || grace === undefined) return delay.ms;
  return Math.min(delay.ms, grace * 1000);
}
