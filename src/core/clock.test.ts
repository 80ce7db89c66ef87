import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { createRealClock } from "./clock.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("waits longer than the system's timers can", () => {
  let count = 0;
  createRealClock().setTimer(60 * DAY_MS, () => (count += 1));
  vi.advanceTimersByTime(60 * DAY_MS - 1);
  expect(count).toBe(0);
  vi.advanceTimersByTime(1);
  expect(count).toBe(1);
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(count).toBe(1);
});

it("cancels a timer in whichever of its parts", () => {
  let count = 0;
  const timer = createRealClock().setTimer(60 * DAY_MS, () => (count += 1));
  vi.advanceTimersByTime(30 * DAY_MS);
  timer.cancel();
  timer.cancel();
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(count).toBe(0);
});
