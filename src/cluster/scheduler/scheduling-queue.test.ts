// Situations of kubernetes pkg/scheduler/backend/queue/scheduling_queue_test.go (TestPriorityQueue_*, TestHighPriorityBackoff,
// TestHighPriorityFlushUnschedulablePodsLeftover, TestPodTimestamp) @ v1.36 for the order of tries and the back-off.

import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../core/index.ts";
import { POD } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import { createSchedulingQueue } from "./scheduling-queue.ts";
import type { ClusterChange } from "./scheduling-queue.ts";

const pod = (name: string, priority = 0): Pod => ({
  ...POD,
  metadata: { name, namespace: "default", uid: name },
  spec: { containers: [], priority },
});
const NODE_HELPS: ReadonlySet<ClusterChange> = new Set(["node"]);

function createBench() {
  const clock = createVirtualClock(0);
  let woken = 0;
  const queue = createSchedulingQueue(clock, () => (woken += 1));
  const drain = (): readonly string[] => {
    const names: string[] = [];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      names.push(next.metadata.name);
    }
    return names;
  };
  return { clock, queue, drain, woken: () => woken };
}

describe("the order of pods", () => {
  test.each([
    {
      name: "by priority",
      added: [pod("low"), pod("high", 9), pod("mid", 5)],
      expected: ["high", "mid", "low"],
    },
    { name: "then by age", added: [pod("b"), pod("a"), pod("c")], expected: ["b", "a", "c"] },
    { name: "negative last", added: [pod("below", -1), pod("none")], expected: ["none", "below"] },
    { name: "once each", added: [pod("a"), pod("b"), pod("a")], expected: ["a", "b"] },
    {
      name: "by the newest priority",
      added: [pod("a"), pod("b", 1), pod("a", 2)],
      expected: ["a", "b"],
    },
  ])("$name", ({ added, expected }) => {
    const { queue, drain } = createBench();
    for (const one of added) queue.add(one);
    expect(drain()).toEqual(expected);
  });

  test("a pod that is gone is not tried", () => {
    const { queue, drain } = createBench();
    queue.add(pod("a"));
    queue.park(pod("b"), NODE_HELPS);
    for (const uid of ["a", "b"]) queue.remove(uid);
    queue.wake("node");
    expect(drain()).toEqual([]);
    expect(queue.size).toBe(0);
  });
});

describe("a pod that did not fit", () => {
  test("backs off 1 s, 2 s, 4 s, 8 s and then 10 s", async () => {
    const { clock, queue, drain } = createBench();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const since = clock.now();
      queue.park(pod("p"), NODE_HELPS);
      queue.wake("node");
      while (drain().length === 0) await clock.advanceTo(clock.nextTimerAt() ?? Infinity);
      waits.push((clock.now() - since) / 1000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 10, 10]);
  });

  test("is tried at once by a change after its back-off, and only by one that helps", async () => {
    const { clock, queue, drain } = createBench();
    queue.park(pod("p"), NODE_HELPS);
    await clock.advanceBy(60_000);
    queue.wake("volume");
    expect(drain()).toEqual([]);
    queue.wake("node");
    expect(drain()).toEqual(["p"]);
  });

  test("is tried again after five minutes without any change", async () => {
    const { clock, queue, drain, woken } = createBench();
    queue.park(pod("low"), new Set());
    queue.park(pod("high", 9), new Set());
    await clock.advanceBy(299_999);
    expect([drain(), woken()]).toEqual([[], 0]);
    await clock.advanceBy(1);
    expect(drain()).toEqual(["high", "low"]);
  });

  test("waits on when it changes in a way that does not matter, with its newest state", async () => {
    const { clock, queue, drain } = createBench();
    queue.park(pod("p"), NODE_HELPS);
    queue.add(pod("p", 3));
    expect(drain()).toEqual([]);
    await clock.advanceBy(5000);
    queue.add(pod("other", 2));
    queue.wake("node");
    expect(drain()).toEqual(["p", "other"]);
  });

  test("may try again after its back-off when it changed in a way that may help", async () => {
    const { clock, queue, drain } = createBench();
    queue.park(pod("p"), new Set());
    queue.add(pod("p"), { wake: true });
    expect(drain()).toEqual([]);
    await clock.advanceBy(1000);
    expect(drain()).toEqual(["p"]);
  });

  test("forgets its attempts when it is gone", async () => {
    const { clock, queue, drain } = createBench();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      queue.retry(pod("p"));
      await clock.advanceBy(10_000);
      expect(drain()).toEqual(["p"]);
    }
    queue.remove("p");
    queue.retry(pod("p"));
    await clock.advanceBy(1000);
    expect(drain()).toEqual(["p"]);
  });
});
