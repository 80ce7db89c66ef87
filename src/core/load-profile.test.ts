// Profiles as people write them, and what they come to over time.

import { describe, expect, test } from "vitest";
import { firstAbove, loadAt, parseLoad } from "./load-profile.ts";
import type { LoadProfile } from "./load-profile.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function profile(text: string): LoadProfile {
  const parsed = parseLoad(text);
  if (parsed === undefined) throw new Error(`no profile: ${text}`);
  return parsed;
}

function at(text: string, instant: number, over: { since?: number; replicas?: number } = {}) {
  return loadAt(profile(text), { instant, since: 0, replicas: 1, seed: "s", ...over });
}

describe("what a profile says", () => {
  test.each([
    { name: "an amount", text: "250m", instant: 5 * HOUR, amount: 0.25 },
    { name: "memory", text: "300Mi", instant: 0, amount: 300 * 2 ** 20 },
    { name: "a wave begins low", text: "50m..450m/1h", instant: 7 * HOUR, amount: 0.05 },
    { name: "a wave at its height", text: "50m..450m/1h", instant: 30 * MINUTE, amount: 0.45 },
    { name: "a wave half way", text: "50m..450m/1h", instant: 15 * MINUTE, amount: 0.25 },
    { name: "the first step", text: "1 for 10m, 2 for 5m", instant: 9 * MINUTE, amount: 1 },
    { name: "the second step", text: "1 for 10m, 2 for 5m", instant: 10 * MINUTE, amount: 2 },
    { name: "steps come round", text: "1 for 10m, 2 for 5m", instant: 15 * MINUTE, amount: 1 },
    { name: "a last step stays", text: "1 for 10m, 2", instant: 9 * HOUR, amount: 2 },
  ])("$name", ({ text, instant, amount }) => {
    expect(at(text, instant)).toBeCloseTo(amount, 9);
  });

  test("steps that end begin when the load begins", () => {
    expect(at("1 for 10m, 2", HOUR + 9 * MINUTE, { since: HOUR })).toBe(1);
    expect(at("1 for 10m, 2", HOUR + 11 * MINUTE, { since: HOUR })).toBe(2);
  });

  test("a shared load is divided, so that more replicas have less each", () => {
    expect(at("2 shared", 0, { replicas: 4 })).toBe(0.5);
    expect(at("1..3/1h shared", 30 * MINUTE, { replicas: 2 })).toBeCloseTo(1.5, 9);
  });

  test("chance stays within its bounds and repeats", () => {
    const drawn = Array.from({ length: 100 }, (_, index) => at("1 ~10%", index * 15_000));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.9);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1.1);
    expect(new Set(drawn).size).toBeGreaterThan(90);
    expect(at("1 ~10%", 15_000)).toBe(drawn[1]);
  });

  test.each(["", "much", "1..2", "1../1h", "1..2/never", "1 for ever", "1, 2 for 5m", "-1"])(
    "%j is no profile",
    (text) => expect(parseLoad(text)).toBeUndefined(),
  );
});

describe("when a limit is crossed", () => {
  test.each([
    { name: "at once", text: "400Mi", from: 5, crossed: 5 },
    { name: "never", text: "300Mi", from: 5, crossed: undefined },
    { name: "a wave that stays below", text: "1Mi..299Mi/1h", from: 5, crossed: undefined },
    { name: "a wave on its way up", text: "100Mi..500Mi/1h", from: 0, crossed: 15 * MINUTE + 1 },
    {
      name: "a wave that is above",
      text: "100Mi..500Mi/1h",
      from: 31 * MINUTE,
      crossed: 31 * MINUTE,
    },
    { name: "a later step", text: "1Mi for 10m, 301Mi", from: MINUTE, crossed: 10 * MINUTE },
    {
      name: "the next round",
      text: "400Mi for 1m, 1Mi for 9m",
      from: 5 * MINUTE,
      crossed: 10 * MINUTE,
    },
    {
      name: "a load nobody can divide beforehand",
      text: "9Gi shared",
      from: 0,
      crossed: undefined,
    },
  ])("$name", ({ text, from, crossed }) => {
    const found = firstAbove(profile(text), 300 * 2 ** 20, { from, since: 0 });
    if (crossed === undefined) expect(found).toBeUndefined();
    else expect(Math.abs((found ?? 0) - crossed)).toBeLessThanOrEqual(1);
  });
});
