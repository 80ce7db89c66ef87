// Situations of kubernetes pkg/controller/garbagecollector/garbagecollector_test.go (TestConflictingData,
// TestAttemptToDeleteItem, TestProcessEvent) and test/integration/garbagecollector @ v1.36 on the live API.

import { describe, expect, test } from "vitest";
import type { KubeApi, KubernetesObject, OwnerReference } from "../../kubernetes/index.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { createControllerBench } from "./testing/controller-bench.ts";
import type { ControllerBench } from "./testing/controller-bench.ts";

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };
const NAMESPACE = { apiVersion: "v1", kind: "Namespace" };
const CLUSTER_ROLE = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole" };

const configMap = (
  name: string,
  owners: readonly OwnerReference[] = [],
  metadata: object = {},
): KubernetesObject => ({
  ...CONFIG_MAP,
  metadata: {
    name,
    namespace: "default",
    ...(owners.length === 0 ? {} : { ownerReferences: owners }),
    ...metadata,
  },
});
const ownedBy = ({ apiVersion, kind, metadata }: KubernetesObject, over: object = {}) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? "",
  ...over,
});
const ref = (name: string) => ({ ...CONFIG_MAP, name, namespace: "default" });

async function left(api: KubeApi): Promise<readonly string[]> {
  const { items } = await api.list(CONFIG_MAP, { namespace: "default" });
  return items.map(({ metadata }) => metadata.name).toSorted();
}
async function begin(): Promise<ControllerBench> {
  const bench = await createControllerBench();
  await bench.run(garbageCollector);
  return bench;
}

describe("an object goes", () => {
  const GONE = { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "00" };
  const FOREIGN = { apiVersion: "example.com/v1", kind: "Unknown", name: "x", uid: "01" };

  test.each([
    { name: "whose owner never was", owners: () => [GONE], stays: false },
    { name: "whose owners never were", owners: () => [GONE, { ...GONE, uid: "02" }], stays: false },
    { name: "but not one with an owner", owners: (o: OwnerReference) => [o], stays: true },
    {
      name: "but not one with another owner left",
      owners: (o: OwnerReference) => [GONE, o],
      stays: true,
    },
    { name: "but not one of a kind that is not served", owners: () => [FOREIGN], stays: true },
    {
      name: "whose owner has been made again with another uid",
      owners: (o: OwnerReference) => [{ ...o, uid: "03" }],
      stays: false,
    },
    {
      name: "whose owner has another name than the reference",
      owners: (o: OwnerReference) => [{ ...o, name: "other" }],
      stays: false,
    },
  ])("$name", async ({ owners, stays }) => {
    const { api, clock, errors } = await begin();
    const owner = await api.create(configMap("owner"));
    await api.create(configMap("dependent", owners(ownedBy(owner))));
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual(stays ? ["dependent", "owner"] : ["owner"]);
    expect(errors).toEqual([]);
  });

  test("and only the references to absent owners go", async () => {
    const { api, clock } = await begin();
    const owner = await api.create(configMap("owner"));
    await api.create(configMap("dependent", [GONE, ownedBy(owner)]));
    await clock.advanceBy(1000);
    const dependent = await api.get(ref("dependent"));
    expect(dependent.metadata.ownerReferences).toEqual([ownedBy(owner)]);
  });

  test("after an owner of the whole cluster", async () => {
    const { api, clock } = await begin();
    const role = await api.create({ ...CLUSTER_ROLE, metadata: { name: "r" }, rules: [] });
    await api.create(configMap("dependent", [ownedBy(role)]));
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual(["dependent"]);
    await api.delete({ ...CLUSTER_ROLE, name: "r" });
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual([]);
  });
});

describe("an owner in another namespace", () => {
  test("is no owner: the object goes, and an event says why", async () => {
    const { api, clock, events } = await begin();
    await api.create({ ...NAMESPACE, metadata: { name: "other" } });
    const owner = await api.create(configMap("owner", [], { namespace: "other" }));
    await api.create(configMap("dependent", [ownedBy(owner)]));
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual([]);
    const why = `ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: ${owner.metadata.uid}] does not exist in namespace "default"`;
    expect(await events()).toEqual([`OwnerRefInvalidNamespace ConfigMap/dependent: ${why}`]);
  });

  test("does not take an object of the whole cluster along", async () => {
    const { api, clock, events, errors } = await begin();
    const owner = await api.create(configMap("owner"));
    const metadata = { name: "r", ownerReferences: [ownedBy(owner)] };
    await api.create({ ...CLUSTER_ROLE, metadata, rules: [] });
    await clock.advanceBy(1000);
    await api.delete(ref("owner"));
    await clock.advanceBy(1000);
    expect((await api.get({ ...CLUSTER_ROLE, name: "r" })).metadata.name).toBe("r");
    const [event] = await events();
    expect(event).toContain("OwnerRefInvalidNamespace ClusterRole/r: ownerRef [v1/ConfigMap");
    expect(errors).toEqual([]);
  });
});

describe("deletion of an owner", () => {
  const HOLD = { finalizers: ["example.com/hold"] };

  test.each([
    { name: "a blocking dependent holds it", block: true, before: ["dependent", "owner"] },
    { name: "another does not", block: false, before: ["dependent"] },
  ])("in the foreground: $name", async ({ block, before }) => {
    const { api, clock } = await begin();
    const owner = await api.create(configMap("owner"));
    const owners = [ownedBy(owner, { blockOwnerDeletion: block })];
    await api.create(configMap("dependent", owners, HOLD));
    await clock.advanceBy(1000);
    await api.delete(ref("owner"), { propagationPolicy: "Foreground" });
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual(before);
    const dependent = await api.get(ref("dependent"));
    expect(dependent.metadata.deletionTimestamp).toBeDefined();
    const body = { metadata: { finalizers: null } };
    await api.patch(ref("dependent"), { type: "merge", body });
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual([]);
  });

  test("in the foreground waits for dependents of dependents", async () => {
    const { api, clock } = await begin();
    const owner = await api.create(configMap("a"));
    const middle = await api.create(configMap("b", [ownedBy(owner, { blockOwnerDeletion: true })]));
    await api.create(configMap("c", [ownedBy(middle, { blockOwnerDeletion: true })], HOLD));
    await clock.advanceBy(1000);
    await api.delete(ref("a"), { propagationPolicy: "Foreground" });
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual(["a", "b", "c"]);
    await api.patch(ref("c"), { type: "merge", body: { metadata: { finalizers: null } } });
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual([]);
  });

  test("orphans its dependents and leaves their other owners alone", async () => {
    const { api, clock } = await begin();
    const [first, second] = [
      await api.create(configMap("first")),
      await api.create(configMap("second")),
    ];
    await api.create(configMap("dependent", [ownedBy(first), ownedBy(second)]));
    await clock.advanceBy(1000);
    await api.delete(ref("first"), { propagationPolicy: "Orphan" });
    await clock.advanceBy(1000);
    expect(await left(api)).toEqual(["dependent", "second"]);
    const dependent = await api.get(ref("dependent"));
    expect(dependent.metadata.ownerReferences).toEqual([ownedBy(second)]);
  });
});
