// Cases of kubernetes pkg/controller/podautoscaler/horizontal_test.go v1.36, transcribed by name:
// TestConvertDesiredReplicasWithRules, TestScalingWithRules, TestNormalizeDesiredReplicasWithBehavior, TestStoreScaleEvents.

import { describe, expect, test } from "vitest";
import type { ScalingRules } from "../policy-kinds.ts";
import { limitByFactor, limitByRate, normalizeReplicas, stabilize } from "./normalize-replicas.ts";
import { changeWithin, createScaleHistory, withScaleEvent } from "./scale-history.ts";
import type { ScaleEvent } from "./scale-history.ts";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const DEFAULT_UP = rules([4, 15, 100, 15]);
const DEFAULT_DOWN = rules([0, 0, 100, 15]);

type Rates = readonly [pods: number, podsPeriod: number, percent: number, percentPeriod: number];

/** A policy of value 0 is left out. */
function rules(
  [pods, podsPeriod, percent, percentPeriod]: Rates,
  more: ScalingRules = {},
): ScalingRules {
  return {
    selectPolicy: "Max",
    policies: [
      ...(pods === 0 ? [] : [{ type: "Pods", value: pods, periodSeconds: podsPeriod } as const]),
      ...(percent === 0
        ? []
        : [{ type: "Percent", value: percent, periodSeconds: percentPeriod } as const]),
    ],
    ...more,
  };
}

/** As there: spread evenly over the seconds, the first of them the oldest and just within. */
function spread(changes: readonly number[], seconds: number): readonly ScaleEvent[] {
  const interval = (seconds * 1000) / changes.length;
  return changes.map((change, index) => {
    const ago =
      index === 0
        ? seconds * 1000 - interval / 2
        : interval * (changes.length - index) - interval / 2;
    return { change, at: NOW - ago };
  });
}

interface RateCase {
  readonly name: string;
  readonly up?: Rates;
  readonly down?: Rates;
  readonly ups?: readonly number[];
  readonly downs?: readonly number[];
  readonly min?: number;
  readonly max?: number;
  readonly current: number;
  readonly desired: number;
  readonly replicas: number;
  readonly reason: string;
}

// prettier-ignore
const RATES: readonly RateCase[] = [
  { name: "scaleUp with pods policy larger than percent policy", up: [100, 60, 100, 60], current: 10, desired: 500, replicas: 110, reason: "ScaleUpLimit" },
  { name: "scaleUp with percent policy larger than pods policy", up: [2, 60, 100, 60], current: 10, desired: 500, replicas: 20, reason: "ScaleUpLimit" },
  { name: "scaleUp with spec MaxReplicas limitation with large pod policy", up: [100, 60, 0, 0], current: 10, desired: 50, replicas: 50, reason: "DesiredWithinRange" },
  { name: "scaleUp with spec MaxReplicas limitation with large percent policy", up: [10000, 60, 0, 0], current: 10, desired: 50, replicas: 50, reason: "DesiredWithinRange" },
  { name: "scaleUp with pod policy limitation", up: [30, 60, 0, 0], current: 10, desired: 50, replicas: 40, reason: "ScaleUpLimit" },
  { name: "scaleUp with percent policy limitation", up: [0, 0, 200, 60], current: 10, desired: 50, replicas: 30, reason: "ScaleUpLimit" },
  { name: "scaleDown with percent policy larger than pod policy", down: [20, 60, 1, 60], current: 100, desired: 2, replicas: 80, reason: "ScaleDownLimit" },
  { name: "scaleDown with pod policy larger than percent policy", down: [2, 60, 1, 60], current: 100, desired: 2, replicas: 98, reason: "ScaleDownLimit" },
  { name: "scaleDown with spec MinReplicas=nil limitation with large pod policy", down: [100, 60, 0, 0], current: 10, desired: 0, replicas: 1, reason: "TooFewReplicas" },
  { name: "scaleDown with spec MinReplicas limitation with large percent policy", down: [0, 0, 100, 60], min: 5, current: 10, desired: 2, replicas: 5, reason: "TooFewReplicas" },
  { name: "scaleDown with pod policy limitation", down: [5, 60, 0, 0], current: 10, desired: 2, replicas: 5, reason: "ScaleDownLimit" },
  { name: "scaleDown with percent policy limitation", down: [0, 0, 50, 60], current: 10, desired: 5, replicas: 5, reason: "DesiredWithinRange" },
  { name: "scaleUp with spec MaxReplicas limitation with large pod policy and events", ups: [1, 5, 9], up: [300, 60, 0, 0], max: 200, current: 100, desired: 500, replicas: 200, reason: "TooManyReplicas" },
  { name: "scaleUp with spec MaxReplicas limitation with large percent policy and events", ups: [1, 5, 9], up: [0, 0, 10000, 60], max: 200, current: 100, desired: 500, replicas: 200, reason: "TooManyReplicas" },
  { name: "scaleUp with currentReplicas limitation with rate.PeriodSeconds with a lot of recent scale up events", ups: [1, 5, 9], up: [5, 120, 0, 0], current: 100, desired: 500, replicas: 100, reason: "ScaleUpLimit" },
  { name: "scaleUp with pod policy and previous scale up events", ups: [1, 5, 9], up: [150, 120, 0, 0], current: 100, desired: 500, replicas: 235, reason: "ScaleUpLimit" },
  { name: "scaleUp with percent policy and previous scale up events", ups: [1, 5, 9], up: [0, 0, 200, 120], current: 100, desired: 500, replicas: 255, reason: "ScaleUpLimit" },
  { name: "scaleUp with percent policy and previous scale up and down events", ups: [4], downs: [2], up: [0, 0, 300, 300], current: 6, desired: 24, replicas: 16, reason: "ScaleUpLimit" },
  { name: "scaleDown with default policy and previous events", downs: [1, 5, 9], current: 10, desired: 5, replicas: 5, reason: "DesiredWithinRange" },
  { name: "scaleDown with spec MinReplicas=nil limitation with large pod policy and previous events", downs: [1, 5, 9], down: [115, 120, 0, 0], current: 100, desired: 0, replicas: 1, reason: "TooFewReplicas" },
  { name: "scaleDown with spec MinReplicas limitation with large pod policy and previous events", downs: [1, 5, 9], down: [130, 120, 0, 0], min: 5, current: 100, desired: 0, replicas: 5, reason: "TooFewReplicas" },
  { name: "scaleDown with spec MinReplicas limitation with large percent policy and previous events", downs: [1, 5, 9], down: [0, 0, 100, 120], min: 5, current: 100, desired: 2, replicas: 5, reason: "TooFewReplicas" },
  { name: "scaleDown with pod policy limitation and previous events", downs: [1, 5, 9], down: [5, 120, 0, 0], current: 100, desired: 2, replicas: 100, reason: "ScaleDownLimit" },
  { name: "scaleDown with percent policy limitation and previous events", downs: [2, 4, 6], down: [0, 0, 50, 120], current: 100, desired: 0, replicas: 56, reason: "ScaleDownLimit" },
  { name: "scaleDown with percent policy and previous scale up and down events", ups: [2], downs: [4], down: [0, 0, 50, 180], current: 10, desired: 1, replicas: 6, reason: "ScaleDownLimit" },
  { name: "scaleDown with previous events preventing further scale down", downs: [10, 10, 10], down: [0, 0, 10, 120], current: 100, desired: 0, replicas: 100, reason: "ScaleDownLimit" },
  { name: "scaleDown with with previous events still allowing more scale down", downs: [10, 10, 10], down: [0, 0, 1000, 120], current: 10, desired: 5, replicas: 5, reason: "DesiredWithinRange" },
  { name: "the default rules up", current: 3, desired: 20, replicas: 7, reason: "ScaleUpLimit" },
];

describe("rates of change", () => {
  test.each(RATES)("$name", ({ min = 1, max = 1000, current, desired, ...row }) => {
    const history = {
      scaleUps: spread(row.ups ?? [], 120),
      scaleDowns: spread(row.downs ?? [], 120),
    };
    const behavior = {
      up: row.up === undefined ? DEFAULT_UP : rules(row.up),
      down: row.down === undefined ? DEFAULT_DOWN : rules(row.down),
    };
    const found = limitByRate({ desired, current, min, max, now: NOW }, history, behavior);
    expect(found).toMatchObject({ replicas: row.replicas, reason: row.reason });
  });

  test.each([
    { name: "Min takes the smaller growth", policy: "Min", up: true, replicas: 12 },
    { name: "Disabled holds a target that would grow", policy: "Disabled", up: true, replicas: 10 },
    { name: "Min takes the smaller shrinking", policy: "Min", up: false, replicas: 8 },
    {
      name: "Disabled holds a target that would shrink",
      policy: "Disabled",
      up: false,
      replicas: 10,
    },
  ] as const)("$name", ({ policy, up, replicas }) => {
    const chosen = rules([2, 60, 100, 60], { selectPolicy: policy });
    const wish = { desired: up ? 100 : 1, current: 10, min: 1, max: 1000, now: NOW };
    const nothing = { scaleUps: [], scaleDowns: [] };
    expect(limitByRate(wish, nothing, { up: chosen, down: chosen }).replicas).toBe(replicas);
  });
});

describe("bounds without a behaviour", () => {
  // prettier-ignore
  test.each([
    { name: "prenormalized desired replicas within range", current: 1, desired: 3, min: 1, max: 10, replicas: 3, reason: "DesiredWithinRange" },
    { name: "prenormalized desired replicas < minReplicas", current: 1, desired: 1, min: 2, max: 10, replicas: 2, reason: "TooFewReplicas" },
    { name: "1 is minLower because hpaMinReplicas < 1", current: 1, desired: 0, min: 1, max: 10, replicas: 1, reason: "TooFewReplicas" },
    { name: "maxReplicas is the limit because maxReplicas < scaleUpLimit", current: 10, desired: 20, min: 1, max: 10, replicas: 10, reason: "TooManyReplicas" },
    { name: "scaleUpLimit is the limit because scaleUpLimit < maxReplicas", current: 3, desired: 1000, min: 1, max: 100, replicas: 6, reason: "ScaleUpLimit" },
  ])("$name", ({ replicas, reason, ...wish }) => {
    expect(limitByFactor(wish)).toMatchObject({ replicas, reason });
  });
});

/** Replicas and how many minutes ago they were recommended. */
type Recommended = readonly (readonly [replicas: number, minutes: number])[];

describe("stabilisation with a behaviour", () => {
  // prettier-ignore
  test.each<{ name: string; recommended: Recommended; current: number; desired: number; up?: number; down?: number; replicas: number }>([
    { name: "empty recommendations for scaling down", recommended: [], current: 100, desired: 5, replicas: 5 },
    { name: "simple scale down stabilization", recommended: [[4, 2], [5, 1]], current: 100, desired: 3, down: 180, replicas: 5 },
    { name: "simple scale up stabilization", recommended: [[4, 2], [5, 1]], current: 1, desired: 7, up: 300, replicas: 4 },
    { name: "no scale down stabilization", recommended: [[1, 2], [2, 1]], current: 100, desired: 3, up: 300, replicas: 3 },
    { name: "no scale up stabilization", recommended: [[4, 2], [5, 1]], current: 1, desired: 3, down: 300, replicas: 3 },
    { name: "no scale down stabilization, reuse recommendation element", recommended: [[10, 10], [9, 9]], current: 100, desired: 3, replicas: 3 },
    { name: "no scale up stabilization, reuse recommendation element", recommended: [[10, 10], [9, 9]], current: 1, desired: 100, replicas: 100 },
    { name: "scale down stabilization, reuse one of obsolete recommendation element", recommended: [[10, 10], [4, 1], [5, 2], [9, 9]], current: 100, desired: 3, down: 180, replicas: 5 },
    { name: "scale up stabilization, reuse one of obsolete recommendation element", recommended: [[10, 100], [6, 1], [5, 2], [9, 3]], current: 1, desired: 100, up: 300, replicas: 5 },
    { name: "scale up and down stabilization, do not scale up when prenormalized rec goes down", recommended: [[2, 100], [3, 3]], current: 2, desired: 1, up: 300, down: 300, replicas: 2 },
    { name: "scale up and down stabilization, do not scale down when prenormalized rec goes up", recommended: [[2, 100], [1, 3]], current: 2, desired: 3, up: 300, down: 300, replicas: 2 },
  ])("$name", ({ recommended, current, desired, up = 0, down = 0, replicas }) => {
    const recommendations = recommended.map(([of, minutes]) => ({ replicas: of, at: NOW - minutes * 60_000 }));
    const history = { recommendations };
    const windows = { up: { stabilizationWindowSeconds: up }, down: { stabilizationWindowSeconds: down } };
    expect(stabilize({ desired, current, now: NOW }, history, windows)).toBe(replicas);
    expect(history.recommendations.at(-1)).toEqual({ replicas: desired, at: NOW });
  });
});

describe("events of scaling", () => {
  // prettier-ignore
  test.each<{ name: string; before: Recommended; policies: Rates; kept: readonly number[]; change: number }>([
    { name: "empty entries with two-policy-behavior", before: [], policies: [10, 60, 100, 60], kept: [5], change: 0 },
    { name: "one outdated entry to be replaced with behavior", before: [[7, 61]], policies: [10, 60, 100, 60], kept: [5], change: 0 },
    { name: "one actual entry to be not touched with behavior", before: [[7, 58]], policies: [10, 60, 100, 60], kept: [7, 5], change: 7 },
    { name: "two entries, one of them to be replaced", before: [[7, 61], [6, 59]], policies: [10, 60, 0, 0], kept: [6, 5], change: 6 },
    { name: "replace one entry, use policies with different periods", before: [[8, 29], [6, 59], [7, 61], [9, 61]], policies: [10, 60, 100, 30], kept: [8, 6, 5], change: 14 },
    { name: "two entries, both actual", before: [[7, 58], [6, 59]], policies: [10, 120, 100, 30], kept: [7, 6, 5], change: 13 },
  ])("$name", ({ before, policies, kept, change }) => {
    const events = before.map(([of, seconds]) => ({ change: of, at: NOW - seconds * 1000 }));
    expect(changeWithin(events, 60, NOW)).toBe(change);
    const after = withScaleEvent(events, { change: 5, at: NOW }, rules(policies));
    expect(after.map((event) => event.change)).toEqual(kept);
  });
});

test("without a behaviour a lower wish waits for five minutes", () => {
  const history = createScaleHistory(5, NOW);
  const wish = { desired: 2, current: 5, min: 1, max: 10 };
  const held = normalizeReplicas({ ...wish, now: NOW + 299_000 }, history, undefined);
  expect(held.replicas).toBe(5);
  expect(held.conditions[0]).toMatchObject({ reason: "ScaleDownStabilized", status: "True" });
  const free = normalizeReplicas({ ...wish, now: NOW + 301_000 }, history, undefined);
  expect(free.replicas).toBe(2);
  expect(free.conditions[0]).toMatchObject({ reason: "ReadyForNewScale" });
});
