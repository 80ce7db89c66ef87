// Compaction by the clock, as a history of writes and waits.

import { expect, it } from "vitest";
import { createVirtualClock } from "../../core/index.ts";
import { createMemoryStore } from "./memory-store.ts";
import { withPeriodicCompaction } from "./periodic-compaction.ts";
import { CompactedError } from "./store.ts";
import type { Store } from "./store.ts";
import { runStoreConformance } from "./testing/store-conformance.ts";

const MINUTE_MS = 60_000;

runStoreConformance("compacted by the clock", () =>
  withPeriodicCompaction(createMemoryStore(), createVirtualClock(0)),
);

function put(store: Store, name: string): number {
  const metadata = { name, namespace: "shop" };
  const object = { apiVersion: "v1", kind: "Pod", metadata };
  store.put({ resource: "/pods", namespace: "shop", name }, object, 0);
  return store.revision;
}

it.each([
  { name: "after 9 minutes all is there", minutes: 9, oldest: 0 },
  { name: "after 10 the first five minutes are gone", minutes: 10, oldest: 1 },
  { name: "after 14 too", minutes: 14, oldest: 1 },
  { name: "after 15 the first ten", minutes: 15, oldest: 2 },
  { name: "after an idle day everything", minutes: 24 * 60, oldest: 2 },
])("$name", async ({ minutes, oldest }) => {
  const clock = createVirtualClock(0);
  const store = withPeriodicCompaction(createMemoryStore(), clock);
  await clock.advanceBy(MINUTE_MS);
  put(store, "a");
  await clock.advanceTo(6 * MINUTE_MS);
  put(store, "b");
  await clock.advanceTo(minutes * MINUTE_MS);
  const watch = (after: number) => () => store.watch({ resource: "/pods", after }, () => {}).stop();
  if (oldest > 0) expect(watch(oldest - 1)).toThrow(CompactedError);
  if (oldest > 0)
    expect(() => store.list({ resource: "/pods" }, oldest - 1)).toThrow(CompactedError);
  expect(watch(oldest)).not.toThrow();
});
