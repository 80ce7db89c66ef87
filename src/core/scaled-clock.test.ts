import { expect, test } from "vitest";
import { createScaledClock } from "./scaled-clock.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const START = Date.UTC(2026, 0, 1);

test("time passes faster by the factor, from the same start", async () => {
  const base = createVirtualClock(START);
  const clock = createScaledClock(60, base);
  expect(clock.now()).toBe(START);
  await base.advanceBy(1500);
  expect(clock.now()).toBe(START + 90_000);
});

test("a timer fires when its delay has passed on the scaled clock, not before", async () => {
  const base = createVirtualClock(START);
  const clock = createScaledClock(60, base);
  const seen: string[] = [];
  clock.setTimer(60_000, () => seen.push(`timer@${clock.now() - START}`));
  void clock.sleep(120_000).then(() => seen.push(`sleep@${clock.now() - START}`));
  clock.setTimer(30_000, () => seen.push("cancelled")).cancel();
  await base.advanceBy(999);
  expect(seen).toEqual([]);
  await base.advanceBy(1001);
  expect(seen).toEqual(["timer@60000", "sleep@120000"]);
});
