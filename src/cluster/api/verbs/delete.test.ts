// Deletes: preconditions, propagation, grace, finalizers, evictions and namespaces.

import { describe, expect, it } from "vitest";
import { isConflict, isNotFound, StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, configMap, NAMESPACE, pod, refTo } from "../testing/api-fixture.ts";

const HOLD = "example.com/hold";

describe("delete", () => {
  it.each([
    { name: "another uid", preconditions: { uid: "other" } },
    { name: "another version", preconditions: { resourceVersion: "999" } },
  ])("refuses $name", async ({ preconditions }) => {
    const { api } = apiFixture();
    const created = await api.create(configMap("x"));
    await expect(api.delete(refTo(created), { preconditions })).rejects.toSatisfy(isConflict);
    expect(await api.get(refTo(created))).toBe(created);
  });

  it.each([
    { policy: "Foreground", given: [HOLD], finalizers: [HOLD, "foregroundDeletion"] },
    { policy: "Orphan", given: [HOLD], finalizers: [HOLD, "orphan"] },
    { policy: "Background", given: [HOLD, "foregroundDeletion"], finalizers: [HOLD] },
    { policy: undefined, given: [HOLD, "orphan"], finalizers: [HOLD, "orphan"] },
  ] as const)("$policy of $given leaves $finalizers", async ({ policy, given, finalizers }) => {
    const { api } = apiFixture();
    const created = await api.create(configMap("x", { finalizers: [...given] }));
    const left = await api.delete(refTo(created), { propagationPolicy: policy });
    expect(left?.metadata.finalizers).toEqual(finalizers);
    expect(left?.metadata.deletionGracePeriodSeconds).toBe(0);
  });

  it("is told once: deleting again changes nothing", async () => {
    const { api } = apiFixture();
    const created = await api.create(configMap("x", { finalizers: [HOLD] }));
    const first = await api.delete(refTo(created));
    const second = await api.delete(refTo(created));
    expect(second?.metadata.resourceVersion).toBe(first?.metadata.resourceVersion);
  });

  it("may shorten the grace period of a pod, not lengthen it", async () => {
    const { api, clock } = apiFixture();
    const created = await api.create(
      pod("p", { nodeName: "n", terminationGracePeriodSeconds: 60 }),
    );
    const graceOf = (object: KubernetesObject | undefined) =>
      object?.metadata.deletionGracePeriodSeconds;
    expect(graceOf(await api.delete(refTo(created)))).toBe(60);
    await clock.advanceTo(clock.now() + 10_000);
    const shortened = await api.delete(refTo(created), { gracePeriodSeconds: 5 });
    expect(graceOf(shortened)).toBe(5);
    expect(graceOf(await api.delete(refTo(created), { gracePeriodSeconds: 50 }))).toBe(5);
    expect(shortened?.metadata.generation).toBe(2);
  });

  it("takes pods nobody runs at once", async () => {
    const { api } = apiFixture();
    const created = await api.create(pod("p"));
    expect(await api.delete(refTo(created))).toBeUndefined();
  });

  it("stores nothing on a dry run", async () => {
    const { api } = apiFixture();
    const created = await api.create(configMap("x"));
    expect(await api.delete(refTo(created), { dryRun: true })).toBeUndefined();
    expect(await api.get(refTo(created))).toBe(created);
  });
});

describe("eviction", () => {
  const budget = (api: KubeApi, disruptionsAllowed: number): Promise<KubernetesObject> => {
    const metadata = { name: "web", namespace: NAMESPACE };
    const object = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata };
    const status = {
      observedGeneration: 1,
      disruptionsAllowed,
      currentHealthy: 1,
      desiredHealthy: 1,
    };
    return api
      .create({ ...object, spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } } })
      .then((created) =>
        api.update(
          { ...created, status: { ...status, expectedPods: 1 } },
          { subresource: "status" },
        ),
      );
  };
  const running = async (api: KubeApi): Promise<KubernetesObject> => {
    const created = await api.create(pod("p", { nodeName: "n" }));
    const conditions = [{ type: "Ready", status: "True" }];
    return api.update(
      { ...created, status: { phase: "Running", conditions } },
      { subresource: "status" },
    );
  };
  const evict = (api: KubeApi): Promise<unknown> => {
    const metadata = { name: "p", namespace: NAMESPACE };
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
    return api.create(eviction, { subresource: "eviction" });
  };

  it("spends the budget and deletes", async () => {
    const { api } = apiFixture();
    const ref = refTo(await budget(api, 1));
    const evicted = await running(api);
    await evict(api);
    expect((await api.get(ref))["status"]).toMatchObject({ disruptionsAllowed: 0 });
    expect((await api.get(refTo(evicted))).metadata.deletionTimestamp).toBeDefined();
  });

  it("answers 429 when the budget is spent", async () => {
    const { api } = apiFixture();
    await budget(api, 0);
    await running(api);
    const error = await evict(api).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({
      status: { code: 429, details: { causes: [{ reason: "DisruptionBudget" }] } },
    });
  });
});

describe("namespaces", () => {
  const ref = { apiVersion: "v1", kind: "Namespace", name: "n" };
  const namespace: KubernetesObject = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "n" },
  };

  it("stay while they have finalizers in their spec, which only /finalize changes", async () => {
    const { api } = apiFixture();
    await api.create(namespace);
    const left = await api.delete(ref);
    expect(left?.["spec"]).toEqual({ finalizers: ["kubernetes"] });
    const patched = await api.patch(ref, { type: "merge", body: { spec: { finalizers: null } } });
    expect(patched["spec"]).toEqual({ finalizers: ["kubernetes"] });
    await api.update({ ...namespace, spec: {} }, { subresource: "finalize" });
    await expect(api.get(ref)).rejects.toSatisfy(isNotFound);
  });
});
