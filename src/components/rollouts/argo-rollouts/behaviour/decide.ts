// What a Rollout should look like next, from its spec, its status and the pods there are; nothing is written here.
// Mirrors rollout/{canary,bluegreen,trafficrouting,pause}.go and utils/replicaset/canary.go of argo-rollouts v1.9.1.

import { parseDuration } from "../../../../core/index.ts";
import { INCONCLUSIVE, runOf } from "./analysis.ts";
import type { Rollout, RolloutStatus, Step } from "./resources.ts";

export interface Seen {
  readonly hash: string;
  readonly now: number;
  /** Of the newest and the stable version. */
  readonly available: { readonly next: number; readonly stable: number };
}

export interface Decision {
  readonly sizes: { readonly next: number; readonly stable: number };
  /** Share of the newest version, in percent. */
  readonly weight: number;
  /** Whose pods the Services of the stable and the tried version select. */
  readonly selects: { readonly stable: string; readonly candidate: string };
  readonly status: RolloutStatus;
  readonly requeueAfterMs?: number;
}

type Pauses = NonNullable<RolloutStatus["pauseConditions"]>;

/** defaults.DefaultAbortScaleDownDelaySeconds. */
const ABORT_DELAY_MS = 30_000;

export function decideCanary({ spec, status = {} }: Rollout, seen: Seen): Decision {
  const steps = spec.strategy.canary?.steps ?? [];
  const wanted = spec.replicas ?? 1;
  const { stableRS = "", currentStepIndex: index = 0 } = status;
  const { hash, available } = seen;
  const base = { ...status, currentPodHash: hash };
  if (stableRS === "" || stableRS === hash) {
    const isUp = available.next >= wanted;
    const settled = { ...base, ...(isUp ? promoted(hash, steps.length) : {}) };
    const stable = stableRS === "" ? hash : stableRS;
    return {
      sizes: { next: wanted, stable: wanted },
      weight: 0,
      selects: { stable, candidate: hash },
      status: settled,
    };
  }
  if (status.abort === true) return aborted(base, seen, wanted, stableRS);
  const share = status.promoteFull === true ? 100 : shareAt(steps, index);
  const next = Math.ceil((share * wanted) / 100);
  const isReady = available.next >= next && available.next > 0;
  const weight = isReady ? share : shareAt(steps, index - 1, 0);
  const running = {
    sizes: { next, stable: wanted },
    weight: available.next === 0 ? 0 : weight,
    selects: { stable: stableRS, candidate: available.next === 0 ? stableRS : hash },
  };
  if (!isReady || isUndecided(base)) return { ...running, status: base };
  const isDone = index >= steps.length || status.promoteFull === true;
  if (isDone) {
    const isFull = available.next >= wanted;
    return { ...running, status: isFull ? { ...base, ...promoted(hash, steps.length) } : base };
  }
  return { ...running, ...stepped(base, steps[index] ?? {}, index, spec.paused === true, seen) };
}

/** Its analysis could not tell; a person says how it goes on. */
const isUndecided = ({ pauseConditions = [] }: RolloutStatus): boolean =>
  pauseConditions.some(({ reason }) => reason === INCONCLUSIVE);

/** The last share at or before a step; all of it after the last one. */
function shareAt(steps: readonly Step[], index: number, otherwise = 100): number {
  if (index >= steps.length) return 100;
  const before = steps.slice(0, index + 1).flatMap(({ setWeight }) => setWeight ?? []);
  return before.at(-1) ?? (index < 0 ? otherwise : 0);
}

function promoted(hash: string, count: number): RolloutStatus {
  return {
    stableRS: hash,
    currentStepIndex: count,
    promoteFull: false,
    abort: false,
    ...NOT_PAUSED,
  };
}

const NOT_PAUSED = { controllerPause: false, pauseConditions: [] as Pauses };

function aborted(base: RolloutStatus, seen: Seen, wanted: number, stable: string): Decision {
  const since = base.abortedAt === undefined ? seen.now : Date.parse(base.abortedAt);
  const left = since + ABORT_DELAY_MS - seen.now;
  return {
    // The pods stay a while: who aborts by mistake is back at once.
    sizes: { next: left > 0 ? seen.available.next : 0, stable: wanted },
    weight: 0,
    selects: { stable, candidate: stable },
    status: {
      ...base,
      ...NOT_PAUSED,
      currentStepIndex: 0,
      abortedAt: new Date(since).toISOString().replace(/\.\d+Z$/, "Z"),
    },
    ...(left > 0 ? { requeueAfterMs: left } : {}),
  };
}

/** Ends the step that is complete, or begins and waits out a pause. */
function stepped(
  base: RolloutStatus,
  { pause }: Step,
  index: number,
  isHeld: boolean,
  { now }: Seen,
): Pick<Decision, "status" | "requeueAfterMs"> {
  const following = { ...base, ...NOT_PAUSED, currentStepIndex: index + 1 };
  if (isHeld) return { status: base };
  if (pause === undefined) return { status: following };
  const [paused] = base.pauseConditions ?? [];
  if (paused === undefined) {
    // Somebody took the condition away: `kubectl argo rollouts promote`.
    if (base.controllerPause === true) return { status: following };
    return { status: { ...base, ...pausedNow("CanaryPauseStep", now) }, ...waits(pause, now, now) };
  }
  const wait = waits(pause, Date.parse(paused.startTime), now);
  return wait.requeueAfterMs === 0 ? { status: following } : { status: base, ...wait };
}

function pausedNow(reason: string, now: number): RolloutStatus {
  const startTime = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
  return { controllerPause: true, pauseConditions: [{ reason, startTime }] };
}

function waits(
  { duration }: NonNullable<Step["pause"]>,
  since: number,
  now: number,
): { readonly requeueAfterMs?: number } {
  if (duration === undefined) return {};
  const ms = typeof duration === "number" ? duration * 1000 : (parseDuration(duration) ?? 0);
  return { requeueAfterMs: Math.max(0, since + ms - now) };
}

export function decideBlueGreen({ spec, status = {} }: Rollout, seen: Seen): Decision {
  const wanted = spec.replicas ?? 1;
  const { stableRS = "" } = status;
  const { hash, available, now } = seen;
  const base = { ...status, currentPodHash: hash };
  const stable = stableRS === "" ? hash : stableRS;
  const before = {
    sizes: { next: wanted, stable: wanted },
    weight: 0,
    selects: { stable, candidate: hash },
  };
  if (status.abort === true && stableRS !== hash) {
    const back = aborted(base, seen, wanted, stable);
    return { ...back, selects: { stable, candidate: hash } };
  }
  if (available.next < wanted) return { ...before, status: base };
  const isFirst = stableRS === "" || stableRS === hash;
  const isJudged =
    isFirst ||
    status.promoteFull === true ||
    spec.strategy.blueGreen?.prePromotionAnalysis === undefined ||
    runOf(status)?.status === "Successful";
  if (!isJudged) return { ...before, status: base };
  const isAutomatic = spec.strategy.blueGreen?.autoPromotionEnabled !== false;
  const isResumed = status.controllerPause === true && (status.pauseConditions ?? []).length === 0;
  if (isFirst || isAutomatic || isResumed || status.promoteFull === true) {
    const { currentStepIndex: _, ...done } = { ...base, ...promoted(hash, 0) };
    return { ...before, selects: { stable: hash, candidate: hash }, status: done };
  }
  if (status.controllerPause === true) return { ...before, status: base };
  return { ...before, status: { ...base, ...pausedNow("BlueGreenPause", now) } };
}
