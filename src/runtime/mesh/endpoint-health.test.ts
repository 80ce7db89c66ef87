// Who is left out after failures, and for how long: never more than the rule's share, the first one included.

import { describe, expect, it } from "vitest";

import { createVirtualClock } from "../../core/index.ts";
import type { OutlierRule } from "../../model/index.ts";
import { createEndpointHealth } from "./endpoint-health.ts";
import { createRequestPool } from "./request-pool.ts";

const RULE: OutlierRule = {
  failures: 1,
  ejectMs: 30_000,
  ejectMsMax: 300_000,
  growth: "linear",
  ejectedPercentMax: 50,
  probation: false,
};

describe("the share that may be left out", () => {
  it.each([
    { name: "one pod, half", pods: 1, percent: 50, out: 0 },
    { name: "one pod, all", pods: 1, percent: 100, out: 1 },
    { name: "two pods, half", pods: 2, percent: 50, out: 1 },
    { name: "three pods, Envoy's tenth", pods: 3, percent: 10, out: 0 },
    { name: "three pods, two thirds", pods: 3, percent: 67, out: 2 },
    { name: "ten pods, a tenth", pods: 10, percent: 10, out: 1 },
  ])("$name", ({ pods, percent, out }) => {
    const rule = { ...RULE, ejectedPercentMax: percent };
    const health = createEndpointHealth(createVirtualClock(0));
    const all = Array.from({ length: pods }, (_, index) => ({ id: `pod-${index}` }));
    const endpoints = all.map(({ id }) => id);
    for (const id of endpoints) health.record(id, "failure", { rule, endpoints });
    expect(pods - health.usable(all, rule).length).toBe(out);
  });
});

it.each([
  { name: "grows by its base", growth: "linear", times: [30, 60, 90, 120] },
  { name: "doubles", growth: "doubling", times: [30, 60, 120, 240] },
  { name: "stops at its bound", growth: "doubling", max: 100, times: [30, 60, 100, 100] },
] as const)("an ejection $name", async ({ growth, times, ...more }) => {
  const clock = createVirtualClock(0);
  const rule = {
    ...RULE,
    growth,
    ejectedPercentMax: 100,
    ejectMsMax: ("max" in more ? more.max : 300) * 1000,
  };
  const health = createEndpointHealth(clock);
  const [pod] = [{ id: "pod" }];
  for (const seconds of times) {
    health.record("pod", "failure", { rule, endpoints: ["pod"] });
    await clock.advanceBy(seconds * 1000 - 1);
    expect(health.usable([pod], rule)).toEqual([]);
    await clock.advanceBy(1);
    expect(health.usable([pod], rule)).toEqual([pod]);
  }
});

it("requests are bounded by rules alone", async () => {
  const pool = createRequestPool();
  const first = await pool.enter({ connectionsMax: 1 });
  // Istio's default is 2^32-1: nobody is refused for waiting.
  const waiting = Array.from({ length: 1_100 }, () => pool.enter({ connectionsMax: 1 }));
  expect(await pool.enter({ connectionsMax: 1, pendingMax: 1_100 })).toBeUndefined();
  first?.();
  for (const one of waiting) (await one)?.();
});
