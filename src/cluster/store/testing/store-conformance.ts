// The suite every store implementation runs. Tables and histories only; no timing. Learnt from k8s.io/apiserver
// pkg/storage/testing store_tests.go and watcher_tests.go @ v0.36 (deletes with preconditions, delete and re-create,
// delayed delivery, compaction).

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { CompactedError } from "../store.ts";
import type { Store, StoreEvent, StoreKey } from "../store.ts";

const PODS = "/pods";

function keyOf(name: string, namespace = "shop", resource = PODS): StoreKey {
  return { resource, namespace, name };
}

function pod(name: string, value = "1", namespace = "shop"): KubernetesObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, value };
}

function put(store: Store, object: KubernetesObject, expected = 0, resource = PODS): number {
  const key = keyOf(object.metadata.name, object.metadata.namespace, resource);
  const result = store.put(key, object, expected);
  if (result.outcome !== "stored") throw new Error(`conflict on ${object.metadata.name}`);
  return Number(result.object.metadata.resourceVersion);
}

const values = (objects: readonly KubernetesObject[]): string[] =>
  objects.map((object) => `${object.metadata.name}=${String(object["value"])}`);

const told = (events: readonly StoreEvent[]): string[] =>
  events.map((event) => `${event.type} ${event.key.name}@${event.revision}`);

/** Watch events arrive on microtasks once their write is durable; two turns are enough for anything already written. */
async function turn(store: Store): Promise<void> {
  await store.settled();
  await Promise.resolve();
}

export type CreateStore = () => Store | Promise<Store>;

export function runStoreConformance(name: string, createStore: CreateStore): void {
  describe(`store conformance: ${name}`, () => {
    describe("writes", () => writes(createStore));
    describe("snapshots", () => snapshots(createStore));
    describe("watches", () => watches(createStore));
  });
}

function writes(createStore: CreateStore): void {
  it("counts one revision over all resources", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    const second = put(store, pod("a"), 0, "apps/deployments");
    const third = put(store, pod("a", "2"), first);
    expect([second - first, third - second]).toEqual([1, 1]);
    expect(store.revision).toBe(third);
  });

  it("refuses a write at another revision and changes nothing", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    expect(store.put(keyOf("a"), pod("a", "2"), 0)).toMatchObject({ outcome: "conflict" });
    expect(store.put(keyOf("b"), pod("b"), first)).toEqual({
      outcome: "conflict",
      current: undefined,
    });
    expect(store.delete(keyOf("a"), first + 7)).toMatchObject({ outcome: "conflict" });
    expect(store.delete(keyOf("none"), 0)).toMatchObject({ outcome: "conflict" });
    expect(store.revision).toBe(first);
    expect(values(store.list({ resource: PODS }))).toEqual(["a=1"]);
  });

  it("refuses a second delete, and a write to what is gone", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    const second = put(store, pod("a", "2"), first);
    expect(store.delete(keyOf("a"), first)).toMatchObject({ outcome: "conflict" });
    expect(store.delete(keyOf("a"), second)).toMatchObject({ outcome: "stored" });
    expect(store.delete(keyOf("a"), second)).toMatchObject({ outcome: "conflict" });
    expect(store.put(keyOf("a"), pod("a", "3"), second)).toMatchObject({ outcome: "conflict" });
  });

  it("freezes what it stores, deeply", async () => {
    const store = await createStore();
    put(store, { ...pod("a"), spec: { list: [{ x: 1 }] } });
    const stored = store.get(keyOf("a")) as unknown as { spec: { list: { x: number }[] } };
    expect(Object.isFrozen(stored.spec.list[0])).toBe(true);
  });

  it("lists by namespace and name, in the order of keys", async () => {
    const store = await createStore();
    for (const [name, namespace] of [
      ["b", "shop"],
      ["a", "shop"],
      ["z", "shop-2"],
      ["c", "a"],
    ] as const) {
      put(store, pod(name, "1", namespace));
    }
    expect(values(store.list({ resource: PODS }))).toEqual(["c=1", "z=1", "a=1", "b=1"]);
    expect(values(store.list({ resource: PODS, namespace: "shop" }))).toEqual(["a=1", "b=1"]);
    expect(store.count(PODS)).toBe(4);
  });
}

function snapshots(createStore: CreateStore): void {
  it("lists the state at an earlier revision", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    const second = put(store, pod("b"));
    put(store, pod("a", "2"), first);
    store.delete(keyOf("b"), second);
    put(store, pod("c"));
    expect(values(store.list({ resource: PODS }, second))).toEqual(["a=1", "b=1"]);
    expect(values(store.list({ resource: PODS }))).toEqual(["a=2", "c=1"]);
  });

  it("lists one namespace at an earlier revision", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    put(store, pod("b", "1", "other"));
    store.delete(keyOf("a"), first);
    const scope = { resource: PODS, namespace: "shop" };
    expect(values(store.list(scope, first))).toEqual(["a=1"]);
    expect(values(store.list(scope))).toEqual([]);
  });

  it("answers CompactedError for a snapshot out of history", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    const second = put(store, pod("b"));
    put(store, pod("c"));
    store.compact(second);
    expect(() => store.list({ resource: PODS }, first)).toThrow(CompactedError);
    expect(values(store.list({ resource: PODS }, second))).toEqual(["a=1", "b=1"]);
  });
}

function watches(createStore: CreateStore): void {
  it("replays history after a revision, then follows", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    const second = put(store, pod("b"));
    const seen: string[] = [];
    store.watch({ resource: PODS, after: first }, (events) => seen.push(...told(events)));
    put(store, pod("a", "2"), first);
    store.delete(keyOf("b"), second);
    expect(seen).toEqual([]);
    await turn(store);
    expect(seen).toEqual([`put b@${second}`, `put a@${second + 1}`, `delete b@${second + 2}`]);
  });

  it("keeps to namespace, name and resource", async () => {
    const store = await createStore();
    const seen: Record<string, string[]> = { namespace: [], name: [], both: [] };
    const follow = (key: string, scope: { namespace?: string; name?: string }): void => {
      store.watch({ resource: PODS, after: 0, ...scope }, (events) =>
        seen[key]?.push(...events.map((event) => `${event.key.namespace}/${event.key.name}`)),
      );
    };
    follow("namespace", { namespace: "shop" });
    follow("name", { name: "a" });
    follow("both", { namespace: "shop", name: "a" });
    put(store, pod("a"));
    put(store, pod("b"));
    put(store, pod("a", "1", "other"));
    put(store, pod("a"), 0, "/secrets");
    await turn(store);
    expect(seen).toEqual({
      namespace: ["shop/a", "shop/b"],
      name: ["shop/a", "other/a"],
      both: ["shop/a"],
    });
  });

  it("gives previous and current, and the last state with the revision of its deletion", async () => {
    const store = await createStore();
    const events: StoreEvent[] = [];
    store.watch({ resource: PODS, after: 0 }, (batch) => events.push(...batch));
    const first = put(store, pod("a"));
    const second = put(store, pod("a", "2"), first);
    store.delete(keyOf("a"), second);
    await turn(store);
    expect(events.map((event) => event.previous?.["value"])).toEqual([undefined, "1", "2"]);
    expect(events[2]?.object).toMatchObject({
      value: "2",
      metadata: { resourceVersion: String(second + 1) },
    });
  });

  it("orders events the same for all although a watcher writes", async () => {
    const store = await createStore();
    const seen: string[] = [];
    store.watch({ resource: PODS, after: 0 }, (events) => {
      if (events.some((event) => event.key.name === "a")) put(store, pod("b"));
    });
    store.watch({ resource: PODS, after: 0 }, (events) => seen.push(...told(events)));
    const first = put(store, pod("a"));
    await turn(store);
    await turn(store);
    expect(seen).toEqual([`put a@${first}`, `put b@${first + 1}`]);
  });

  it("stops, and delivers nothing more", async () => {
    const store = await createStore();
    const seen: string[] = [];
    const watch = store.watch({ resource: PODS, after: 0 }, (events) => seen.push(...told(events)));
    put(store, pod("a"));
    watch.stop();
    put(store, pod("b"));
    await turn(store);
    expect(seen).toEqual([]);
  });

  it("answers CompactedError for history that is gone", async () => {
    const store = await createStore();
    const first = put(store, pod("a"));
    put(store, pod("b"));
    store.compact(store.revision);
    expect(() => store.watch({ resource: PODS, after: first }, () => {})).toThrow(CompactedError);
    expect(() => store.watch({ resource: PODS, after: store.revision }, () => {})).not.toThrow();
  });

  it("tells of an object that is made again, in order", async () => {
    const store = await createStore();
    const seen: string[] = [];
    store.watch({ resource: PODS, after: 0, name: "a" }, (events) => seen.push(...told(events)));
    const first = put(store, pod("a"));
    store.delete(keyOf("a"), first);
    const again = put(store, pod("a"));
    await turn(store);
    expect(seen).toEqual([`put a@${first}`, `delete a@${first + 1}`, `put a@${again}`]);
  });

  it("delivers many events in order, none twice, to a watch that began in their middle", async () => {
    const store = await createStore();
    const seen: number[] = [];
    for (let index = 0; index < 500; index += 1) put(store, pod(`pod-${index}`));
    store.watch({ resource: PODS, after: 250 }, (events) =>
      seen.push(...events.map(({ revision }) => revision)),
    );
    for (let index = 500; index < 1_000; index += 1) put(store, pod(`pod-${index}`));
    await turn(store);
    expect(seen).toEqual(Array.from({ length: 750 }, (_, index) => 251 + index));
  });

  it("keeps running watches through a compaction", async () => {
    const store = await createStore();
    const seen: string[] = [];
    store.watch({ resource: PODS, after: 0 }, (events) => seen.push(...told(events)));
    put(store, pod("a"));
    store.compact(store.revision);
    put(store, pod("b"));
    await turn(store);
    expect(seen).toEqual(["put a@1", "put b@2"]);
  });
}
