import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../core/index.ts";
import { backoffMs, createWorkQueue } from "./work-queue.ts";

function start(workers = 5, work?: (key: string) => Promise<void>) {
  const clock = createVirtualClock(0);
  const seen: string[] = [];
  const queue = createWorkQueue({
    clock,
    workers,
    work: async (key) => {
      seen.push(`${key}@${clock.now()}`);
      await work?.(key);
    },
  });
  queue.start();
  return { clock, seen, queue };
}

describe("work queue", () => {
  test("hands a key out once, however often it was added before", async () => {
    const { clock, seen, queue } = start();
    queue.add("a");
    queue.add("b");
    queue.add("a");
    await clock.settle();
    expect(seen).toEqual(["a@0", "b@0"]);
  });

  test("a burst that ends in promises costs one round", async () => {
    const { clock, seen, queue } = start();
    clock.setTimer(5, () => {
      void (async () => {
        for (let change = 0; change < 100; change += 1) {
          queue.add("a");
          await Promise.resolve();
        }
      })();
    });
    await clock.advanceBy(10);
    expect(seen).toEqual(["a@5"]);
  });

  test("a key added while it is in work is handed out again afterwards, never twice at once", async () => {
    let inWork = 0;
    let most = 0;
    const { clock, seen, queue } = start(5, async () => {
      inWork += 1;
      most = Math.max(most, inWork);
      await clock.sleep(10);
      inWork -= 1;
    });
    queue.add("a");
    await clock.settle();
    queue.add("a");
    await clock.advanceBy(100);
    expect(seen).toEqual(["a@0", "a@10"]);
    expect(most).toBe(1);
  });

  test("a slow key does not hold up others while there are workers", async () => {
    const { clock, seen, queue } = start(2, async (key) => {
      if (key === "slow") await clock.sleep(1000);
    });
    queue.add("slow");
    await clock.settle();
    queue.add("a");
    queue.add("b");
    await clock.advanceBy(10);
    expect(seen).toEqual(["slow@0", "a@0", "b@0"]);
  });

  test("of several delays of one key the earliest counts", async () => {
    const { clock, seen, queue } = start();
    queue.addAfter("a", 50);
    queue.addAfter("a", 20);
    queue.addAfter("a", 90);
    await clock.advanceBy(1000);
    expect(seen).toEqual(["a@20"]);
  });

  test("back-off doubles from 5 ms to 1,000 s and is forgotten", async () => {
    expect([1, 2, 3, 18, 19, 100].map(backoffMs)).toEqual([
      5, 10, 20, 655_360, 1_000_000, 1_000_000,
    ]);
    const { clock, seen, queue } = start();
    queue.addRateLimited("a");
    await clock.advanceBy(5);
    queue.addRateLimited("a");
    await clock.advanceBy(10);
    queue.forget("a");
    queue.addRateLimited("a");
    await clock.advanceBy(5);
    expect(seen).toEqual(["a@5", "a@15", "a@20"]);
  });

  test("nothing is handed out before the start nor after the end", async () => {
    const clock = createVirtualClock(0);
    const seen: string[] = [];
    const queue = createWorkQueue({ clock, workers: 1, work: async (key) => void seen.push(key) });
    queue.add("a");
    await clock.settle();
    expect(seen).toEqual([]);
    queue.start();
    queue.addAfter("b", 10);
    await clock.advanceBy(5);
    queue.stop();
    await clock.advanceBy(100);
    expect(seen).toEqual(["a"]);
  });

  test("work that was under way at the end leaves no timer behind", async () => {
    const clock = createVirtualClock(0);
    const queue = createWorkQueue({
      clock,
      workers: 1,
      work: async (key) => {
        await clock.sleep(10);
        queue.addAfter(key, 100_000);
      },
    });
    queue.start();
    queue.add("a");
    await clock.advanceBy(5);
    queue.stop();
    await clock.advanceBy(10);
    expect(clock.nextTimerAt()).toBeUndefined();
  });
});
