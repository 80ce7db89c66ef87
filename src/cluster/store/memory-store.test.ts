import { expect, it } from "vitest";
import { runStoreConformance } from "./testing/store-conformance.ts";
import { createMemoryStore } from "./memory-store.ts";
import { CompactedError } from "./store.ts";

runStoreConformance("memory", () => createMemoryStore());

it("drops the oldest events of a resource when its history is full", () => {
  const store = createMemoryStore({ historyMax: 100 });
  for (let index = 0; index < 150; index += 1) {
    const name = `pod-${index}`;
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop" } };
    store.put({ resource: "/pods", namespace: "shop", name }, object, 0);
  }
  expect(() => store.watch({ resource: "/pods", after: 49 }, () => {})).toThrow(CompactedError);
  expect(() => store.watch({ resource: "/pods", after: 50 }, () => {})).not.toThrow();
  expect(store.list({ resource: "/pods" }, 120)).toHaveLength(120);
});
