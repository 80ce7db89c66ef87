import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeDuration, formatDuration, formatGoDuration, parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  it.each([
    ["0", 0],
    ["0s", 0],
    ["15s", 15_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    [".5s", 500],
    ["250ms", 250],
    ["1us", 0.001],
    ["1µs", 0.001],
    ["4h", 14_400_000],
    ["30d", 2_592_000_000],
    ["2w", 1_209_600_000],
    ["-1m", -60_000],
    ["+1m", 60_000],
    ["1m1m", 120_000],
  ])("%s", (text, expected) => expect(parseDuration(text)).toBeCloseTo(expected, 9));

  it.each(["", "-", "1", "h", "1 h", "1y", "1h ", "one hour", "1h30", "1..5h", "NaNs"])(
    "refuses %j",
    (text) => expect(parseDuration(text)).toBeUndefined(),
  );
});

it.each([
  [0, "0s", "0s", "0 ms"],
  [5_400_000, "1h30m", "1h30m0s", "1 h 30 min"],
  [300_000, "5m", "5m0s", "5 min"],
  [1_500, "1s500ms", "1.5s", "1.5 s"],
  [250, "250ms", "250ms", "250 ms"],
  [86_400_000, "24h", "24h0m0s", "24 h"],
  [2_592_000_000, "720h", "720h0m0s", "30 d"],
  [6_720_000, "1h52m", "1h52m0s", "1 h 52 min"],
  [-60_000, "-1m", "-1m0s", "1 min"],
])("%d prints %s, %s, %s", (ms, compact, go, words) => {
  expect([formatDuration(ms), formatGoDuration(ms), describeDuration(ms)]).toEqual([
    compact,
    go,
    words,
  ]);
});

it("reads back what it prints", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms || 0);
      expect(parseDuration(formatGoDuration(ms))).toBeCloseTo(ms, 3);
    }),
  );
});
