// From the number of replicas that metrics ask for to the one that is set: stabilisation, rates, bounds.
// Mirrors normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors of kubernetes
// pkg/controller/podautoscaler/horizontal.go v1.36.

import { SECOND_MS } from "../../../core/index.ts";
import type { InstantMs } from "../../../core/index.ts";
import type { ConditionUpdate } from "../conditions.ts";
import type { ScalingBehavior, ScalingRules } from "../policy-kinds.ts";
import { changeWithin } from "./scale-history.ts";
import type { ScaleHistory } from "./scale-history.ts";

/** `--horizontal-pod-autoscaler-downscale-stabilization`. */
export const DOWNSCALE_STABILIZATION_S = 300;

export interface Wish {
  readonly desired: number;
  readonly current: number;
  readonly min: number;
  readonly max: number;
  readonly now: InstantMs;
}

export interface Normalized {
  readonly replicas: number;
  readonly conditions: readonly ConditionUpdate[];
}

export interface Limited {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const LOWERED =
  "recent recommendations were lower than current one, applying the lowest recent recommendation";
const RAISED =
  "recent recommendations were higher than current one, applying the highest recent recommendation";

/** Records the wish in the history. */
export function normalizeReplicas(
  wish: Wish,
  history: ScaleHistory,
  behavior: ScalingBehavior | undefined,
): Normalized {
  const stabilized =
    behavior === undefined
      ? stabilizeDown(wish, history)
      : stabilize(wish, history, rulesOf(behavior));
  const limited =
    behavior === undefined
      ? limitByFactor({ ...wish, desired: stabilized })
      : limitByRate({ ...wish, desired: stabilized }, history, rulesOf(behavior));
  const isLimited = limited.replicas !== stabilized;
  return {
    replicas: limited.replicas,
    conditions: [
      stabilized === wish.desired ? READY : heldBack(wish, behavior),
      {
        type: "ScalingLimited",
        status: isLimited ? "True" : "False",
        reason: limited.reason,
        message: limited.message,
      },
    ],
  };
}

const READY: ConditionUpdate = {
  type: "AbleToScale",
  status: "True",
  reason: "ReadyForNewScale",
  message: "recommended size matches current size",
};

function heldBack(
  { desired, current }: Wish,
  behavior: ScalingBehavior | undefined,
): ConditionUpdate {
  const isUp = behavior !== undefined && desired >= current;
  const reason = isUp ? "ScaleUpStabilized" : "ScaleDownStabilized";
  return { type: "AbleToScale", status: "True", reason, message: isUp ? LOWERED : RAISED };
}

export interface BehaviorRules {
  readonly up: ScalingRules;
  readonly down: ScalingRules;
}

/** The API defaults rules; only the window down is left to the controller. */
function rulesOf({ scaleUp = {}, scaleDown = {} }: ScalingBehavior): BehaviorRules {
  const down = { stabilizationWindowSeconds: DOWNSCALE_STABILIZATION_S, ...scaleDown };
  return { up: scaleUp, down };
}

function stabilizeDown({ desired, now }: Wish, history: ScaleHistory): number {
  const cutoff = now - DOWNSCALE_STABILIZATION_S * SECOND_MS;
  const recent = history.recommendations.filter(({ at }) => at >= cutoff);
  history.recommendations = [...recent, { replicas: desired, at: now }];
  return Math.max(desired, ...recent.map(({ replicas }) => replicas));
}

/** Not above the lowest wish of the window up, not below the highest of the window down. */
export function stabilize(
  { desired, current, now }: Pick<Wish, "desired" | "current" | "now">,
  history: Pick<ScaleHistory, "recommendations">,
  { up, down }: BehaviorRules,
): number {
  const upCutoff = now - (up.stabilizationWindowSeconds ?? 0) * SECOND_MS;
  const downCutoff = now - (down.stabilizationWindowSeconds ?? 0) * SECOND_MS;
  let [lowest, highest] = [desired, desired];
  for (const { replicas, at } of history.recommendations) {
    if (at > upCutoff) lowest = Math.min(lowest, replicas);
    if (at > downCutoff) highest = Math.max(highest, replicas);
  }
  const oldest = Math.min(upCutoff, downCutoff);
  history.recommendations = [
    ...history.recommendations.filter(({ at }) => at >= oldest),
    { replicas: desired, at: now },
  ];
  return Math.min(Math.max(current, lowest), highest);
}

const IN_RANGE = {
  reason: "DesiredWithinRange",
  message: "the desired count is within the acceptable range",
};
const TOO_FEW = {
  reason: "TooFewReplicas",
  message: "the desired replica count is less than the minimum replica count",
};
const TOO_MANY = {
  reason: "TooManyReplicas",
  message: "the desired replica count is more than the maximum replica count",
};
const TOO_FAST_UP = {
  reason: "ScaleUpLimit",
  message: "the desired replica count is increasing faster than the maximum scale rate",
};
const TOO_FAST_DOWN = {
  reason: "ScaleDownLimit",
  message: "the desired replica count is decreasing faster than the maximum scale rate",
};

/** Without a behaviour of its own a target at most doubles, or grows to four. */
export function limitByFactor({ desired, current, min, max }: Omit<Wish, "now">): Limited {
  const fastest = Math.max(2 * current, 4);
  if (desired < min) return { replicas: min, ...TOO_FEW };
  const isRate = max > fastest;
  const most = isRate ? fastest : max;
  if (desired > most) return { replicas: most, ...(isRate ? TOO_FAST_UP : TOO_MANY) };
  return { replicas: desired, ...IN_RANGE };
}

export function limitByRate(
  { desired, current, min, max, now }: Wish,
  history: Pick<ScaleHistory, "scaleUps" | "scaleDowns">,
  { up, down }: BehaviorRules,
): Limited {
  if (desired > current) {
    // When recent growth has used the rate up, the target stays as it is.
    const rate = Math.max(scaleUpLimit(current, history, up, now), current);
    const isRate = max > rate;
    const most = isRate ? rate : max;
    if (desired > most) return { replicas: most, ...(isRate ? TOO_FAST_UP : TOO_MANY) };
  } else if (desired < current) {
    const rate = Math.min(scaleDownLimit(current, history, down, now), current);
    const isRate = min < rate;
    const least = isRate ? rate : min;
    if (desired < least) return { replicas: least, ...(isRate ? TOO_FAST_DOWN : TOO_FEW) };
  }
  return { replicas: desired, ...IN_RANGE };
}

type Events = Pick<ScaleHistory, "scaleUps" | "scaleDowns">;

function scaleUpLimit(
  current: number,
  events: Events,
  rules: ScalingRules,
  now: InstantMs,
): number {
  if (rules.selectPolicy === "Disabled") return current;
  const select = rules.selectPolicy === "Min" ? Math.min : Math.max;
  const proposals = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const before = replicasBefore(current, events, periodSeconds, now);
    return type === "Pods" ? before + value : Math.ceil(before * (1 + value / 100));
  });
  const start = rules.selectPolicy === "Min" ? Number.MAX_SAFE_INTEGER : 0;
  return select(start, ...proposals);
}

function scaleDownLimit(
  current: number,
  events: Events,
  rules: ScalingRules,
  now: InstantMs,
): number {
  if (rules.selectPolicy === "Disabled") return current;
  const select = rules.selectPolicy === "Min" ? Math.max : Math.min;
  const proposals = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const before = replicasBefore(current, events, periodSeconds, now);
    return type === "Pods" ? before - value : Math.trunc(before * (1 - value / 100));
  });
  const start = rules.selectPolicy === "Min" ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  return select(start, ...proposals);
}

/** How many replicas there were when the period began. */
function replicasBefore(
  current: number,
  { scaleUps, scaleDowns }: Events,
  periodSeconds: number,
  now: InstantMs,
): number {
  const grown = changeWithin(scaleUps, periodSeconds, now);
  return current - grown + changeWithin(scaleDowns, periodSeconds, now);
}
