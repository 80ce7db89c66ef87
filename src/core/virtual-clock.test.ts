import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

const START = Date.UTC(2026, 0, 1);

test("timers run in order of instant, then of insertion", async () => {
  const clock = createVirtualClock(START);
  const seen: string[] = [];
  clock.setTimer(20, () => seen.push(`b@${clock.now() - START}`));
  clock.setTimer(10, () => seen.push(`a@${clock.now() - START}`));
  clock.setTimer(20, () => seen.push(`c@${clock.now() - START}`));
  await clock.advanceBy(15);
  expect(seen).toEqual(["a@10"]);
  expect(clock.now()).toBe(START + 15);
  await clock.advanceBy(5);
  expect(seen).toEqual(["a@10", "b@20", "c@20"]);
});

test("a timer never runs synchronously, and one without delay runs at the same instant", async () => {
  const clock = createVirtualClock(START);
  const seen: number[] = [];
  clock.setTimer(0, () => seen.push(clock.now() - START));
  expect(seen).toEqual([]);
  await clock.settle();
  expect(seen).toEqual([0]);
});

test("a cancelled timer does not run, even when cancelled by one due at the same instant", async () => {
  const clock = createVirtualClock(START);
  const seen: string[] = [];
  const first = clock.setTimer(10, () => {
    seen.push("first");
    second.cancel();
  });
  const second = clock.setTimer(10, () => seen.push("second"));
  const third = clock.setTimer(20, () => seen.push("third"));
  third.cancel();
  third.cancel();
  await clock.advanceBy(100);
  first.cancel();
  expect(seen).toEqual(["first"]);
  expect(clock.nextTimerAt()).toBeUndefined();
});

test("chains of promises of any length end before time moves", async () => {
  const clock = createVirtualClock(START);
  let links = 0;
  let finishedAt = -1;
  clock.setTimer(10, () => {
    void (async () => {
      for (; links < 50_000; links += 1) await Promise.resolve();
      finishedAt = clock.now() - START;
    })();
  });
  clock.setTimer(11, () => expect(links).toBe(50_000));
  await clock.advanceBy(1000);
  expect(finishedAt).toBe(10);
});

test("deferred callbacks run after queued promises, before time moves, and may defer again", async () => {
  const clock = createVirtualClock(START);
  const seen: string[] = [];
  clock.setTimer(1, () => seen.push(`timer@${clock.now() - START}`));
  clock.defer(() => {
    seen.push("deferred");
    clock.defer(() => seen.push(`again@${clock.now() - START}`));
  });
  void Promise.resolve()
    .then(() => seen.push("promise"))
    .then(() => seen.push("next promise"));
  await clock.advanceBy(1);
  expect(seen).toEqual(["promise", "next promise", "deferred", "again@0", "timer@1"]);
});

test("sleepers wake at their instant and may sleep again while time is advanced", async () => {
  const clock = createVirtualClock(START);
  const woke: number[] = [];
  void (async () => {
    for (let round = 0; round < 3; round += 1) {
      await clock.sleep(1000);
      woke.push(clock.now() - START);
    }
  })();
  await clock.advanceBy(2500);
  expect(woke).toEqual([1000, 2000]);
  await clock.advanceBy(500);
  expect(woke).toEqual([1000, 2000, 3000]);
});

test("runUntil says whether the condition was met, nothing is left, or the time is up", async () => {
  const clock = createVirtualClock(START);
  let count = 0;
  const tick = (): void => {
    count += 1;
    if (count < 5) clock.setTimer(100, tick);
  };
  clock.setTimer(100, tick);
  expect(await clock.runUntil(() => count === 2, { withinMs: 1000 })).toBe("met");
  expect(clock.now() - START).toBe(200);
  expect(await clock.runUntil(() => count === 9, { withinMs: 50 })).toBe("expired");
  expect(clock.now() - START).toBe(250);
  expect(await clock.runUntil(() => count === 9, { withinMs: 10_000 })).toBe("idle");
  expect(clock.now() - START).toBe(500);
});

test("runUntilQuiet ignores timers that are further away", async () => {
  const clock = createVirtualClock(START);
  clock.setTimer(100, () => undefined);
  clock.setTimer(5000, () => undefined);
  expect(await clock.runUntilQuiet({ quietMs: 1000, withinMs: 10_000 })).toBe("quiet");
  expect(clock.now() - START).toBe(100);
});

test("what a callback throws is thrown to whoever moves the clock", async () => {
  const clock = createVirtualClock(START);
  clock.setTimer(1, () => {
    throw new Error("from a timer");
  });
  await expect(clock.advanceBy(1)).rejects.toThrow("from a timer");
  clock.defer(() => {
    throw new Error("from a deferred callback");
  });
  await expect(clock.settle()).rejects.toThrow("from a deferred callback");
  await clock.advanceBy(1);
});

test("two drivers at once are a mistake", async () => {
  const clock = createVirtualClock(START);
  const first = clock.advanceBy(10);
  await expect(clock.advanceBy(10)).rejects.toThrow("one caller at a time");
  await first;
});

test("any timers and cancellations run like a sorted list", async () => {
  const plan = fc.array(fc.record({ delay: fc.nat(50), cancelled: fc.boolean() }), {
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(plan, async (rows) => {
      const clock = createVirtualClock(START);
      const seen: number[] = [];
      const timers = rows.map(({ delay }, index) => clock.setTimer(delay, () => seen.push(index)));
      rows.forEach(({ cancelled }, index) => cancelled && timers[index]?.cancel());
      await clock.advanceBy(50);
      const expected = rows
        .map((row, index) => ({ ...row, index }))
        .filter((row) => !row.cancelled)
        .toSorted((a, b) => a.delay - b.delay || a.index - b.index);
      expect(seen).toEqual(expected.map(({ index }) => index));
    }),
    { numRuns: 50 },
  );
});
