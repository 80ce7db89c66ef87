// Apply, prune, wait and diff against an embedded cluster.

import { describe, expect, it } from "vitest";
import { bootstrap, createCluster } from "../../src/cluster/index.ts";
import { serveApi } from "../../src/cluster/serve/index.ts";
import {
  createRealClock,
  createRng,
  createVirtualClock,
  formatPath,
  type VirtualClock,
} from "../../src/core/index.ts";
import {
  createHttpsApi,
  readKubeconfig,
  refOf,
  type KubeApi,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import {
  applyObjects,
  configMapInventory,
  deleteInventory,
  diffObjects,
  summarize,
  waitForAbsence,
  waitForHealth,
  type ApplyObjectsOptions,
  type ApplyResult,
  type Inventory,
} from "../../src/apply/index.ts";

const MANAGER = "keelson-bootstrap";

interface Fixture {
  readonly api: KubeApi;
  readonly clock: VirtualClock;
  readonly inventory: Inventory;
  /** Runs timers while the work is under way. */
  run<T>(work: Promise<T>): Promise<T>;
  apply(
    objects: readonly KubernetesObject[],
    options?: Partial<ApplyObjectsOptions>,
  ): Promise<ApplyResult>;
}

async function createFixture(wrap: (api: KubeApi) => KubeApi = (api) => api): Promise<Fixture> {
  const clock = createVirtualClock(Date.parse("2026-11-20T00:00:00Z"));
  const cluster = createCluster({ name: "test", clock, rng: createRng("apply") });
  const api = wrap(cluster.api);
  const inventory = configMapInventory(api, {
    name: "test",
    namespace: "shop",
    fieldManager: MANAGER,
  });
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const finished = work.finally(() => (done = true));
    finished.catch(() => undefined);
    await clock.runUntil(() => done, { withinMs: 3_600_000 });
    return finished;
  };
  await run(bootstrap(cluster));
  return {
    api,
    clock,
    inventory,
    run,
    apply: (objects, options) =>
      run(applyObjects(api, objects, { fieldManager: MANAGER, clock, inventory, ...options })),
  };
}

const NAMESPACE: KubernetesObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop" },
};
const config = (
  name: string,
  data: Record<string, string>,
  more: object = {},
): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop", ...more },
  data,
});
const DEFINITION: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    ],
  },
};
const WIDGET: KubernetesObject = {
  apiVersion: "example.com/v1",
  kind: "Widget",
  metadata: { name: "w", namespace: "shop" },
  spec: { size: 1 },
};
const outcomes = ({ changes }: ApplyResult): string[] =>
  changes.map(({ ref, outcome }) => `${ref.kind}/${ref.name} ${outcome}`);

describe("applyObjects", () => {
  it("creates, leaves alone, configures and prunes", async () => {
    const { api, apply, inventory, run } = await createFixture();
    const objects = [WIDGET, config("a", { x: "1" }), config("b", {}), DEFINITION, NAMESPACE];
    expect(outcomes(await apply(objects))).toEqual([
      "Namespace/shop created",
      "CustomResourceDefinition/widgets.example.com created",
      "ConfigMap/a created",
      "ConfigMap/b created",
      "Widget/w created",
    ]);
    const before = await run(api.get(refOf(config("a", {}))));
    expect(summarize(await apply(objects))).toBe("5 unchanged");
    const after = await run(api.get(refOf(config("a", {}))));
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);

    const next = [WIDGET, config("a", { x: "2" }), DEFINITION, NAMESPACE];
    expect(outcomes(await apply(next))).toContain("ConfigMap/a configured");
    expect(await run(inventory.load())).toHaveLength(4);
    await expect(run(api.get(refOf(config("b", {}))))).rejects.toThrow('"b" not found');
  });

  it("removes a field it no longer applies and takes back what somebody changed", async () => {
    const { api, apply, run } = await createFixture();
    await apply([NAMESPACE, config("a", { x: "1", y: "1" })]);
    const theirs = { fieldManager: "kubectl-edit" };
    const edit = { type: "merge", body: { data: { y: "edited", z: "theirs" } } } as const;
    await run(api.patch(refOf(config("a", {})), edit, theirs));
    expect(summarize(await apply([NAMESPACE, config("a", { x: "1", y: "1" })]))).toBe(
      "1 configured, 1 unchanged",
    );
    await apply([NAMESPACE, config("a", { x: "1" })]);
    expect((await run(api.get(refOf(config("a", {})))))["data"]).toEqual({ x: "1", z: "theirs" });
  });

  it("becomes owner of what somebody else made just so, and knows it afterwards", async () => {
    const { api, apply, run } = await createFixture();
    const object = config("a", { x: "1", y: "1" });
    await apply([NAMESPACE]);
    await run(api.create(object, { fieldManager: "kubectl-create" }));
    expect(outcomes(await apply([NAMESPACE, object]))).toContain("ConfigMap/a configured");
    expect(outcomes(await apply([NAMESPACE, object]))).toContain("ConfigMap/a unchanged");
  });

  it("keeps protected objects, and what another manager has taken over", async () => {
    const { api, apply, run } = await createFixture();
    const kept = config("kept", {}, { annotations: { "keelson.dev/prune": "disabled" } });
    await apply([NAMESPACE, kept, config("gone", {})]);
    const result = await apply([NAMESPACE]);
    expect(outcomes(result)).toEqual([
      "Namespace/shop unchanged",
      "ConfigMap/kept skipped",
      "ConfigMap/gone deleted",
    ]);
    const bare = config("kept", {});
    await run(api.patch(refOf(bare), { type: "merge", body: { metadata: { annotations: null } } }));
    expect(outcomes(await apply([NAMESPACE]))).toContain("ConfigMap/kept deleted");

    const taken = config("taken", { x: "1" });
    await apply([NAMESPACE, taken]);
    await run(api.apply(taken, { fieldManager: "argocd-controller", force: true }));
    const { data: _data, ...nothing } = taken;
    await run(api.apply(nothing as KubernetesObject, { fieldManager: MANAGER, force: true }));
    expect((await apply([NAMESPACE])).changes.at(-1)?.reason).toBe(
      "applied by argocd-controller now",
    );
  });

  it("collects refusals and leaves later steps alone", async () => {
    const { api, apply, run } = await createFixture();
    const wrong = { ...config("Wrong_Name", {}) };
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", namespace: "shop" },
      spec: { ports: [{ port: 80 }] },
    };
    const result = await apply([NAMESPACE, wrong, config("right", {}), service]);
    expect(result.failures.map(({ ref, error }) => [ref.name, error.reason])).toEqual([
      ["Wrong_Name", "Invalid"],
    ]);
    expect(outcomes(result)).toEqual(["Namespace/shop created", "ConfigMap/right created"]);
    await expect(run(api.get(refOf(service)))).rejects.toThrow("not found");
  });

  it("says what it would do, before there is even a namespace", async () => {
    const { api, apply, run } = await createFixture();
    const result = await apply([NAMESPACE, DEFINITION, WIDGET, config("a", {})], { dryRun: true });
    expect(summarize(result)).toBe("4 created");
    await expect(run(api.get(refOf(NAMESPACE)))).rejects.toThrow("not found");
  });

  it("waits for a wave that does not get healthy, and stops there", async () => {
    const { apply } = await createFixture();
    const slow = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "lb", namespace: "shop" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    };
    const result = await apply([NAMESPACE, slow, config("later", {})], {
      waveOf: ({ metadata }) => (metadata.name === "later" ? 1 : 0),
      waveTimeoutMs: 5_000,
    });
    expect(result.unhealthy.map(({ ref, health }) => [ref.name, health.status])).toEqual([
      ["lb", "Progressing"],
    ]);
    expect(outcomes(result)).toEqual(["Namespace/shop created", "Service/lb created"]);
  });

  it("recreates what cannot be changed, if it may", async () => {
    const { api, apply, run } = await createFixture();
    const secret = (value: string): KubernetesObject => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "shop" },
      immutable: true,
      stringData: { value },
    });
    await apply([NAMESPACE, secret("1")]);
    expect((await apply([NAMESPACE, secret("2")])).failures).toHaveLength(1);
    const result = await apply([NAMESPACE, secret("2")], { mayRecreate: () => true });
    expect(outcomes(result)).toContain("Secret/s configured");
    expect((await run(api.get(refOf(secret("")))))["data"]).toEqual({ value: btoa("2") });
  });
});

/** Passes through until so many writes are done, then breaks like a lost connection. */
function breakAfter(writes: number): (api: KubeApi) => KubeApi {
  return (api) => {
    let left = writes;
    const counted = <T>(dryRun: boolean | undefined, work: () => Promise<T>): Promise<T> => {
      if (dryRun === true) return work();
      left -= 1;
      return left < 0 ? Promise.reject(new Error("connection lost")) : work();
    };
    return {
      ...api,
      apply: (object, options) => counted(options.dryRun, () => api.apply(object, options)),
      delete: (ref, options) => counted(options?.dryRun, () => api.delete(ref, options)),
    };
  };
}

it("finishes after an interruption at any write, pruning what the interrupted run would have", async () => {
  const first = [NAMESPACE, DEFINITION, config("a", { x: "1" }), config("old", {})];
  const second = [NAMESPACE, DEFINITION, config("a", { x: "2" }), config("new", {}), WIDGET];
  const third = [NAMESPACE, DEFINITION, config("a", { x: "3" })];
  for (let writes = 0; writes <= 6; writes += 1) {
    const { api, apply, clock, inventory, run } = await createFixture();
    await apply(first);
    const broken = breakAfter(writes)(api);
    const brokenInventory = configMapInventory(broken, {
      name: "test",
      namespace: "shop",
      fieldManager: MANAGER,
    });
    const options = { fieldManager: MANAGER, clock, inventory: brokenInventory, concurrency: 1 };
    const interrupted = await run(
      applyObjects(broken, second, options).then(
        () => "finished",
        () => "broken",
      ),
    );
    expect(interrupted).toBe(writes < 6 ? "broken" : "finished");
    expect((await apply(third)).failures).toEqual([]);
    expect((await run(inventory.load())).map((ref) => ref.name).toSorted()).toEqual([
      "a",
      "shop",
      "widgets.example.com",
    ]);
    const left = await run(
      api.list({ apiVersion: "v1", kind: "ConfigMap" }, { namespace: "shop" }),
    );
    expect(left.items.map(({ metadata }) => metadata.name).toSorted()).toEqual([
      "a",
      "keelson-inventory-test",
    ]);
    expect(summarize(await apply(third))).toBe("3 unchanged");
  }
});

describe("waiting", () => {
  it("follows health over a watch, through deletion and creation", async () => {
    const { api, apply, clock, run } = await createFixture();
    await apply([NAMESPACE]);
    const lb: KubernetesObject = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "lb", namespace: "shop" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    };
    const seen: string[] = [];
    const waited = waitForHealth(api, [refOf(lb), refOf(NAMESPACE)], {
      clock,
      timeoutMs: 60_000,
      onProgress: ({ ref, health }, settled, total) =>
        seen.push(`${ref.name} ${health.status} ${settled}/${total}`),
    });
    await clock.settle();
    await run(api.create(lb));
    await clock.advanceBy(1000);
    const addressed = { status: { loadBalancer: { ingress: [{ ip: "172.18.255.200" }] } } };
    await run(api.patch(refOf(lb), { type: "merge", body: addressed }, { subresource: "status" }));
    expect((await run(waited)).outcome).toBe("healthy");
    expect(seen).toEqual([
      "lb Missing 0/2",
      "shop Healthy 1/2",
      "lb Progressing 1/2",
      "lb Healthy 2/2",
    ]);
    expect(clock.nextTimerAt()).toBeUndefined();
  });

  it("gives up at the time-out, and says what was wrong", async () => {
    const { api, clock, run } = await createFixture();
    const ref = refOf(config("none", {}));
    const { outcome, objects } = await run(waitForHealth(api, [ref], { clock, timeoutMs: 5000 }));
    expect([outcome, objects[0]?.health.status]).toEqual(["timed-out", "Missing"]);
  });

  it("takes a kind that is not served for missing, and finds it later", async () => {
    const { api, apply, clock, run } = await createFixture();
    const waited = waitForHealth(api, [refOf(WIDGET)], { clock, timeoutMs: 60_000 });
    await apply([NAMESPACE, DEFINITION, WIDGET]);
    expect((await run(waited)).outcome).toBe("healthy");
  });

  it("stops when told to", async () => {
    const { api, clock, run } = await createFixture();
    const controller = new AbortController();
    const waited = waitForHealth(api, [refOf(WIDGET)], {
      clock,
      timeoutMs: 60_000,
      signal: controller.signal,
    });
    await clock.settle();
    controller.abort();
    expect((await run(waited)).outcome).toBe("interrupted");
  });

  it("waits for absence", async () => {
    const { api, apply, clock, run } = await createFixture();
    const held = config("held", {}, { finalizers: ["example.com/hold"] });
    await apply([NAMESPACE, held]);
    await run(api.delete(refOf(held)));
    const waited = waitForAbsence(api, [refOf(held)], { clock, timeoutMs: 60_000 });
    await clock.advanceBy(100);
    await run(api.patch(refOf(held), { type: "merge", body: { metadata: { finalizers: null } } }));
    expect((await run(waited)).outcome).toBe("healthy");
  });
});

it("shows drift field by field, without changing anything", async () => {
  const { api, apply, inventory, run } = await createFixture();
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", namespace: "shop" },
    stringData: { password: "old" },
  };
  await apply([NAMESPACE, config("a", { x: "1", y: "1" }), config("gone", {}), secret]);
  await run(api.patch(refOf(config("a", {})), { type: "merge", body: { data: { y: "edited" } } }));
  const desired = [
    NAMESPACE,
    config("a", { x: "2", y: "1" }),
    config("new", {}),
    { ...secret, stringData: { password: "new" } },
  ];
  const options = { fieldManager: MANAGER, inventory };
  const diffs = await run(diffObjects(api, desired, options));
  expect(
    diffs.map(({ ref, outcome, fields }) => [
      ref.name,
      outcome,
      fields.map(
        ({ path, before, after }) => `${formatPath(path)}: ${String(before)} → ${String(after)}`,
      ),
    ]),
  ).toEqual([
    ["shop", "unchanged", []],
    ["a", "configured", ["data.x: 1 → 2", "data.y: edited → 1"]],
    ["new", "created", []],
    ["s", "configured", ["data.password: (hidden) → (hidden)"]],
    ["gone", "deleted", []],
  ]);
  expect(await run(diffObjects(api, desired, options))).toEqual(diffs);
});

it("takes a whole inventory off again", async () => {
  const { api, apply, clock, inventory, run } = await createFixture();
  await apply([NAMESPACE, DEFINITION, WIDGET, config("a", {})]);
  const withoutNamespace = { fieldManager: MANAGER, onChange: () => undefined };
  const result = await run(deleteInventory(api, inventory, withoutNamespace));
  expect(result.changes.map(({ ref, outcome }) => `${ref.kind} ${outcome}`)).toEqual([
    "Widget deleted",
    "ConfigMap deleted",
    "Namespace deleted",
    "CustomResourceDefinition deleted",
  ]);
  await clock.settle();
  await expect(run(api.get(refOf(config("a", {}))))).rejects.toThrow("not found");
});

it("works the same over HTTPS, on the real clock", async () => {
  const clock = createRealClock();
  const cluster = createCluster({ name: "https", clock, rng: createRng("https") });
  await bootstrap(cluster);
  const served = await serveApi(cluster.context, { name: "https", port: 0, clock });
  const api = createHttpsApi(readKubeconfig(served.kubeconfig));
  const inventory = configMapInventory(api, {
    name: "t",
    namespace: "shop",
    fieldManager: MANAGER,
  });
  const options = { fieldManager: MANAGER, clock, inventory };
  const objects = [WIDGET, config("a", { x: "1" }), config("b", {}), DEFINITION, NAMESPACE];
  expect(summarize(await applyObjects(api, objects, options))).toBe("5 created");
  expect(summarize(await applyObjects(api, objects, options))).toBe("5 unchanged");
  const fewer = objects.filter(({ metadata }) => metadata.name !== "b");
  expect(summarize(await applyObjects(api, fewer, options))).toBe("4 unchanged, 1 deleted");
  const waited = await waitForHealth(api, fewer.map(refOf), { clock, timeoutMs: 60_000 });
  expect(waited.outcome).toBe("healthy");
  api.close();
  await served.close();
});
