// The limits of client-go's event broadcaster and of kube-scheduler's event client, on a virtual clock.

import { describe, expect, it } from "vitest";

import { createVirtualClock } from "../../core/index.ts";
import { createEventQueue } from "./event-queue.ts";

describe("event queue", () => {
  const offered = (count: number) => {
    const clock = createVirtualClock(0);
    const queue = createEventQueue(clock);
    const written: number[] = [];
    const outcomes = Array.from({ length: count }, (_, index) =>
      queue.offer(() => void written.push(index)),
    );
    return { clock, queue, written, taken: outcomes.filter((one) => one === "taken").length };
  };

  it.each([
    { name: "a burst is written at once", count: 100, taken: 100, atOnce: 100, after1s: 100 },
    {
      name: "what comes then waits for its turn",
      count: 130,
      taken: 130,
      atOnce: 100,
      after1s: 130,
    },
    { name: "fifty in a second", count: 400, taken: 400, atOnce: 100, after1s: 150 },
    { name: "a full queue drops", count: 5000, taken: 1100, atOnce: 100, after1s: 150 },
  ])("$name", async ({ count, taken, atOnce, after1s }) => {
    const { clock, written, ...rest } = offered(count);
    expect({ taken: rest.taken, atOnce: written.length }).toEqual({ taken, atOnce });
    await clock.advanceTo(1000);
    expect(written).toEqual(Array.from({ length: after1s }, (_, index) => index));
  });

  it("keeps the order and forgets on stop", async () => {
    const { clock, queue, written } = offered(300);
    queue.stop();
    await clock.advanceTo(60_000);
    expect(written).toHaveLength(100);
  });
});
