// How much of a resource something uses over time, in a form people can write in an annotation:
//
//   250m                           always that much
//   50m..400m/1h                   a wave from low to high and back within an hour
//   100m for 10m, 400m for 5m      steps, over and over; a last step without length stays for ever
//   2 shared                       the total of all replicas of the owner; each has its part
//   250m ~10%                      with chance added or taken away, up to that much
//
// Pure: what is used at an instant follows from the profile, the instant and the seed.

import type { InstantMs } from "./clock.ts";
import { parseDuration } from "./duration.ts";
import { parseQuantity } from "./quantity.ts";
import { createRng } from "./rng.ts";

interface Step {
  readonly amount: number;
  /** Undefined for a last step that stays. */
  readonly lengthMs: number | undefined;
}

type Shape =
  | { readonly kind: "constant"; readonly amount: number }
  | {
      readonly kind: "wave";
      readonly low: number;
      readonly high: number;
      readonly periodMs: number;
    }
  | { readonly kind: "steps"; readonly steps: readonly Step[] };

export interface LoadProfile {
  readonly shape: Shape;
  /** The amount is what all replicas of the owner use together. */
  readonly shared: boolean;
  /** 0.1: up to a tenth more or less. */
  readonly jitter: number;
}

/** `undefined` when the text is no profile. Amounts are in units of the resource: cores, bytes. */
export function parseLoad(text: string): LoadProfile | undefined {
  let rest = text.trim();
  const jitterText = /\s*~\s*(\d+(?:\.\d+)?)%$/.exec(rest);
  if (jitterText !== null) rest = rest.slice(0, jitterText.index);
  const shared = /\s+shared$/.test(rest);
  if (shared) rest = rest.replace(/\s+shared$/, "");
  const shape = parseShape(rest);
  if (shape === undefined) return undefined;
  return { shape, shared, jitter: Number(jitterText?.[1] ?? 0) / 100 };
}

function parseShape(text: string): Shape | undefined {
  const wave = /^(.+?)\.\.(.+)\/(.+)$/.exec(text);
  if (wave !== null) {
    const [low, high] = [amountOf(wave[1]), amountOf(wave[2])];
    const periodMs = parseDuration((wave[3] ?? "").trim());
    if (low === undefined || high === undefined || !periodMs || periodMs < 0) return undefined;
    return { kind: "wave", low, high, periodMs };
  }
  if (!/,|\sfor\s/.test(text)) {
    const amount = amountOf(text);
    return amount === undefined ? undefined : { kind: "constant", amount };
  }
  const steps = text.split(",").map(parseStep);
  if (steps.some((step, at) => step.lengthMs === undefined && at < steps.length - 1)) {
    return undefined;
  }
  return steps.some(({ amount }) => Number.isNaN(amount)) ? undefined : { kind: "steps", steps };
}

/** An amount that is no number marks what cannot be read. */
function parseStep(text: string): Step {
  const [amountText, lengthText, ...more] = text.trim().split(/\s+for\s+/);
  const amount = more.length > 0 ? undefined : amountOf(amountText);
  const lengthMs = lengthText === undefined ? undefined : parseDuration(lengthText);
  const isReadable = lengthText === undefined || (lengthMs !== undefined && lengthMs > 0);
  return { amount: amount !== undefined && isReadable ? amount : Number.NaN, lengthMs };
}

function amountOf(text = ""): number | undefined {
  const quantity = parseQuantity(text.trim());
  return quantity === undefined || quantity.nanos < 0n ? undefined : Number(quantity.nanos) / 1e9;
}

export interface LoadMoment {
  readonly instant: InstantMs;
  /** When steps that end begin; cycles run from the epoch, so that replicas move together. */
  readonly since: InstantMs;
  /** How many share the load; at least 1. */
  readonly replicas: number;
  /** What chance is drawn from, beside the instant. */
  readonly seed: string;
}

export function loadAt({ shape, shared, jitter }: LoadProfile, moment: LoadMoment): number {
  const amount = amountAt(shape, moment);
  const part = shared ? amount / Math.max(1, moment.replicas) : amount;
  if (jitter === 0) return part;
  const chance = createRng(`${moment.seed}/${moment.instant}`).next() * 2 - 1;
  return Math.max(0, part * (1 + chance * jitter));
}

function amountAt(shape: Shape, { instant, since }: LoadMoment): number {
  switch (shape.kind) {
    case "constant":
      return shape.amount;
    case "wave": {
      const turn = (2 * Math.PI * (instant % shape.periodMs)) / shape.periodMs;
      return shape.low + ((shape.high - shape.low) * (1 - Math.cos(turn))) / 2;
    }
    case "steps":
      return stepAt(shape.steps, instant, since);
  }
}

function stepAt(steps: readonly Step[], instant: InstantMs, since: InstantMs): number {
  const cycleMs = cycleOf(steps);
  let left = cycleMs === undefined ? Math.max(0, instant - since) : instant % cycleMs;
  for (const { amount, lengthMs } of steps) {
    if (lengthMs === undefined || left < lengthMs) return amount;
    left -= lengthMs;
  }
  return 0;
}

/** Undefined when the last step stays. */
function cycleOf(steps: readonly Step[]): number | undefined {
  let total = 0;
  for (const { lengthMs } of steps) {
    if (lengthMs === undefined) return undefined;
    total += lengthMs;
  }
  return total;
}

/**
 * The first instant from `from` on at which the load is above the limit; undefined when it never is. Chance and sharing
 * are left out: nobody can say when they would cross it.
 */
export function firstAbove(
  { shape, shared }: LoadProfile,
  limit: number,
  { from, since }: { readonly from: InstantMs; readonly since: InstantMs },
): InstantMs | undefined {
  if (shared) return undefined;
  switch (shape.kind) {
    case "constant":
      return shape.amount > limit ? from : undefined;
    case "wave": {
      const { low, high, periodMs } = shape;
      if (Math.max(low, high) <= limit) return undefined;
      if (amountAt(shape, { instant: from, since, replicas: 1, seed: "" }) > limit) return from;
      const crossing =
        (Math.acos(1 - (2 * (limit - low)) / (high - low)) / (2 * Math.PI)) * periodMs;
      const phase = from % periodMs;
      const at = high > low ? crossing : periodMs - crossing;
      return from + Math.ceil(at > phase ? at - phase : at - phase + periodMs);
    }
    case "steps":
      return firstStepAbove(shape.steps, limit, { from, since });
  }
}

function firstStepAbove(
  steps: readonly Step[],
  limit: number,
  { from, since }: { readonly from: InstantMs; readonly since: InstantMs },
): InstantMs | undefined {
  const cycleMs = cycleOf(steps);
  let start = cycleMs === undefined ? since : from - (from % cycleMs);
  const rounds = cycleMs === undefined ? 1 : 2;
  for (let round = 0; round < rounds; round += 1) {
    for (const { amount, lengthMs = Number.POSITIVE_INFINITY } of steps) {
      if (start + lengthMs > from && amount > limit) return Math.max(from, start);
      start += lengthMs;
    }
  }
  return undefined;
}
