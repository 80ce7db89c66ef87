// The controller runtime on the real in-process API: caches, own writes, faults of watches, errors and determinism.

import { describe, expect, test } from "vitest";
import { createRng, createVirtualClock, InvariantError } from "../../core/index.ts";
import type { VirtualClock } from "../../core/index.ts";
import { createInformerSet, failure, runControllers } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  KubeApi,
  KubernetesObject,
  WatchEvent,
} from "../../kubernetes/index.ts";
import { createCluster } from "../cluster.ts";
import { CONFIG_MAP } from "./namespace-kinds.ts";
import { START, startTestCluster } from "./testing/test-cluster.ts";

const configMap = (
  name: string,
  data: Readonly<Record<string, string>> = {},
): KubernetesObject => ({
  ...CONFIG_MAP,
  metadata: { name, namespace: "default" },
  data,
});
const ref = (name: string) => ({ ...CONFIG_MAP, name, namespace: "default" });

interface Bench {
  readonly clock: VirtualClock;
  readonly api: KubeApi;
}

function bench(): Bench {
  const clock = createVirtualClock(START);
  const { api } = createCluster({ name: "test", clock, rng: createRng("test") });
  return { clock, api };
}

/** The same API with watches that a test can break, as a network does. */
function breakable(api: KubeApi): {
  readonly api: KubeApi;
  break(event?: WatchEvent): void;
  opened(): number;
} {
  let opened = 0;
  const breakers: ((event?: WatchEvent) => void)[] = [];
  return {
    api: {
      ...api,
      watch(kind, options, onEvent) {
        opened += 1;
        const watch = api.watch(kind, options, onEvent);
        breakers.push((event) => {
          if (event !== undefined) onEvent(event);
          watch.stop();
        });
        return watch;
      },
    },
    break(event) {
      for (const breaker of breakers.splice(0)) breaker(event);
    },
    opened: () => opened,
  };
}

describe("informers", () => {
  test("hold the list, then every change, by namespace and by controller", async () => {
    const { clock, api } = bench();
    await api.create(configMap("before"));
    const set = createInformerSet({ api, clock, rng: createRng("x") });
    const informer = set.informer(CONFIG_MAP);
    const seen: string[] = [];
    informer.onChange((current, old) =>
      seen.push(
        `${old === undefined ? "+" : current === undefined ? "-" : "~"}${(current ?? old)?.metadata.name}`,
      ),
    );
    set.start();
    await clock.settle();
    const owner = { apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u-1", controller: true };
    const child = configMap("child");
    await api.create({ ...child, metadata: { ...child.metadata, ownerReferences: [owner] } });
    await api.patch(ref("before"), { type: "merge", body: { data: { a: "1" } } });
    await api.delete(ref("before"));
    await clock.settle();
    expect(seen).toEqual(["+before", "+child", "~before", "-before"]);
    expect(informer.list("default").map(({ metadata }) => metadata.name)).toEqual(["child"]);
    expect(informer.ownedBy("u-1").map(({ metadata }) => metadata.name)).toEqual(["child"]);
    expect(informer.get("before", "default")).toBeUndefined();
  });

  test("go on after a broken watch without missing a change", async () => {
    const { clock, api } = bench();
    const faulty = breakable(api);
    const set = createInformerSet({ api: faulty.api, clock, rng: createRng("x") });
    const informer = set.informer(CONFIG_MAP);
    set.start();
    await clock.settle();
    faulty.break();
    await clock.settle();
    await api.create(configMap("meanwhile"));
    await clock.settle();
    expect(informer.get("meanwhile", "default")).toBeUndefined();
    await clock.advanceBy(5000);
    expect(informer.get("meanwhile", "default")).toBeDefined();
  });

  test("list again when history is gone, and notice what was deleted meanwhile", async () => {
    const { clock, api } = bench();
    await api.create(configMap("gone"));
    const faulty = breakable(api);
    const set = createInformerSet({ api: faulty.api, clock, rng: createRng("x") });
    const informer = set.informer(CONFIG_MAP);
    const deleted: string[] = [];
    informer.onChange((current, old) => {
      if (current === undefined) deleted.push(old?.metadata.name ?? "");
    });
    set.start();
    await clock.settle();
    const expired = failure("Expired", "too old resource version: 1 (2)");
    faulty.break({ type: "ERROR", object: expired });
    await clock.settle();
    await api.delete(ref("gone"));
    await api.create(configMap("new"));
    await clock.advanceBy(5000);
    expect(deleted).toEqual(["gone"]);
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(["new"]);
  });

  test("a kind that is not served counts as empty, and is found when its definition comes", async () => {
    const { clock, api } = bench();
    const set = createInformerSet({ api, clock, rng: createRng("x") });
    const informer = set.informer({ apiVersion: "e.com/v1", kind: "Thing" });
    set.start();
    await set.synced();
    await api.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.e.com" },
      spec: {
        group: "e.com",
        scope: "Namespaced",
        names: { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object" } },
          },
        ],
      },
    });
    await clock.advanceBy(1000);
    await api.create({
      apiVersion: "e.com/v1",
      kind: "Thing",
      metadata: { name: "t", namespace: "default" },
    });
    await clock.advanceBy(1000);
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(["t"]);
  });
});

describe("runControllers", () => {
  function controller(
    reconcile: (context: ControllerContext, key: string) => Promise<void>,
    name = "probe",
  ): (context: ControllerContext) => Controller {
    return (context) => {
      const informer = context.informer(CONFIG_MAP);
      return {
        name,
        setup: (enqueue) =>
          informer.onChange((current) => current && enqueue(current.metadata.name)),
        reconcile: (key) => reconcile(context, key),
      };
    };
  }
  const options = ({ api, clock }: Bench) => ({ api, clock, rng: createRng("x") });

  test("a controller sees its own writes at once, and no ghost of what it deleted", async () => {
    const made = bench();
    await made.api.create(configMap("a"));
    const seen: unknown[] = [];
    const probe = controller(async ({ api, informer }, key) => {
      if (key !== "a") return;
      const cache = informer(CONFIG_MAP);
      await api.create(configMap("b"));
      seen.push(cache.get("b", "default")?.metadata.name);
      await api.patch(ref("b"), { type: "merge", body: { data: { x: "1" } } });
      seen.push(cache.get("b", "default")?.["data"]);
      await api.delete(ref("b"));
      seen.push(cache.get("b", "default"));
    });
    runControllers([probe], options(made)).start();
    await made.clock.advanceBy(1000);
    expect(seen).toEqual(["b", { x: "1" }, undefined]);
  });

  test("what is refused is tried again with back-off; our own mistakes are not", async () => {
    const made = bench();
    await made.api.create(configMap("a"));
    const tries: number[] = [];
    const errors: string[] = [];
    const bugs: unknown[] = [];
    const refused = controller(async ({ api, clock }, key) => {
      tries.push(clock.now() - START);
      if (tries.length < 4) await api.get(ref(`${key}-absent`));
    });
    const broken = controller(async () => {
      throw new InvariantError("broken");
    }, "broken");
    runControllers([refused, broken], {
      ...options(made),
      onError: (name, key, error) => errors.push(`${name} ${key} ${String(error)}`),
      onBug: (error) => bugs.push(error),
    }).start();
    await made.clock.advanceBy(10_000);
    expect(tries).toEqual([0, 5, 15, 35]);
    expect(errors).toHaveLength(3);
    expect(bugs).toHaveLength(1);
  });

  test("without a handler a mistake reaches whoever moves the clock", async () => {
    const made = bench();
    await made.api.create(configMap("a"));
    const broken = controller(async () => {
      throw new InvariantError("broken");
    });
    runControllers([broken], options(made)).start();
    await expect(made.clock.advanceBy(1000)).rejects.toThrow("broken");
  });

  test("events about one thing are counted in one object", async () => {
    const made = bench();
    const created = await made.api.create(configMap("a"));
    const probe = controller(async (context) => {
      for (let time = 0; time < 3; time += 1) context.event(created, "Warning", "Why", "because");
    }, "my-controller");
    runControllers([probe], options(made)).start();
    await made.clock.advanceBy(1000);
    const { items } = await made.api.list({ apiVersion: "v1", kind: "Event" });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      reason: "Why",
      count: 3,
      source: { component: "my-controller" },
      involvedObject: { kind: "ConfigMap", name: "a" },
    });
  });
});

describe("determinism", () => {
  async function record(): Promise<readonly string[]> {
    const cluster = await startTestCluster({ nodes: { count: 5 } });
    const events: string[] = [];
    for (const kind of ["Pod", "Event"]) {
      cluster.api.watch({ apiVersion: "v1", kind }, {}, ({ type, object }) => {
        events.push(`${cluster.clock.now()} ${type} ${JSON.stringify(object)}`);
      });
    }
    for (const name of ["a", "b", "c"]) {
      await cluster.api.create({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace: "default" },
        spec: {
          replicas: 7,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { containers: [{ name: "c", image: "i:1" }] },
          },
        },
      });
    }
    await cluster.advance(60_000);
    return events;
  }

  test("the same seed gives the same history, byte for byte", async () => {
    const [first, second] = [await record(), await record()];
    expect(first.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
  });
});
