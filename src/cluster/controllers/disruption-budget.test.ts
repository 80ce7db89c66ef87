// Cases of kubernetes pkg/controller/disruption/disruption_test.go and pkg/registry/core/pod/storage/eviction_test.go
// @ v1.36 on the live cluster.

import { describe, expect, test } from "vitest";
import { POD } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { POD_DISRUPTION_BUDGET } from "./policy-kinds.ts";
import type { PodDisruptionBudget } from "./policy-kinds.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";

const POD_SPEC = { containers: [{ name: "c", image: "i:1" }] };
const LABELS = { app: "a" };
const inDefault = (name: string) => ({ name, namespace: "default" });

const replicaSet = (name: string, replicas: number): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: inDefault(name),
  spec: {
    replicas,
    selector: { matchLabels: { ...LABELS, set: name } },
    template: { metadata: { labels: { ...LABELS, set: name } }, spec: POD_SPEC },
  },
});
const budget = (spec: object): KubernetesObject => ({
  ...POD_DISRUPTION_BUDGET,
  metadata: inDefault("b"),
  spec: { selector: { matchLabels: LABELS }, ...spec },
});
const statusOf = async (cluster: TestCluster): Promise<PodDisruptionBudget["status"]> =>
  (await cluster.get(POD_DISRUPTION_BUDGET, "b")).status;
const events = async (cluster: TestCluster): Promise<readonly string[]> => {
  const all = await cluster.list({ apiVersion: "v1", kind: "Event" }, "default");
  return all
    .filter((event) => (event["involvedObject"] as { kind: string }).kind === "PodDisruptionBudget")
    .map((event) => `${String(event["reason"])}: ${String(event["message"])}`);
};

describe("what a budget expects", () => {
  test.each([
    {
      name: "the sets of several controllers add up",
      sets: [2, 4],
      spec: { maxUnavailable: "50%" },
      want: [6, 3, 3],
    },
    { name: "percentages round up", sets: [3], spec: { minAvailable: "50%" }, want: [3, 2, 1] },
    {
      name: "more may be missing than there are",
      sets: [2],
      spec: { maxUnavailable: 5 },
      want: [2, 0, 2],
    },
    {
      name: "a number needs no controller's size",
      sets: [3],
      spec: { minAvailable: 1 },
      want: [3, 1, 2],
    },
  ])("$name", async ({ sets, spec, want }) => {
    const cluster = await startTestCluster();
    for (const [at, replicas] of sets.entries())
      await cluster.api.create(replicaSet(`r${at}`, replicas));
    await cluster.api.create(budget(spec));
    const [expected, desired, allowed] = want;
    await cluster.until(
      "all healthy",
      async () => (await statusOf(cluster))?.currentHealthy === expected,
    );
    expect(await statusOf(cluster)).toMatchObject({
      expectedPods: expected,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
    });
  });

  test("a controller without scale cannot be asked: nothing may be evicted", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: inDefault("d"),
      spec: {
        selector: { matchLabels: LABELS },
        template: { metadata: { labels: LABELS }, spec: POD_SPEC },
      },
    });
    await cluster.api.create(budget({ maxUnavailable: 1 }));
    await cluster.advance(30_000);
    const why = "daemonsets.apps does not implement the scale subresource";
    expect(await statusOf(cluster)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [
        { type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message: why },
      ],
    });
    expect(await events(cluster)).toContain(
      `CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: ${why}`,
    );
  });

  test("a controller of another kind is asked through its scale subresource", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create({
      apiVersion: "v1",
      kind: "ReplicationController",
      metadata: inDefault("rc"),
      spec: {
        replicas: 4,
        selector: LABELS,
        template: { metadata: { labels: LABELS }, spec: POD_SPEC },
      },
    });
    const owner = await cluster.get({ apiVersion: "v1", kind: "ReplicationController" }, "rc");
    const { uid = "" } = owner.metadata;
    const reference = {
      apiVersion: "v1",
      kind: "ReplicationController",
      name: "rc",
      uid,
      controller: true,
    };
    await cluster.api.create({
      ...POD,
      metadata: { ...inDefault("p"), labels: LABELS, ownerReferences: [reference] },
      spec: POD_SPEC,
    });
    await cluster.api.create(budget({ maxUnavailable: "50%" }));
    await cluster.until("healthy", async () => (await statusOf(cluster))?.currentHealthy === 1);
    expect(await statusOf(cluster)).toMatchObject({ expectedPods: 4, desiredHealthy: 2 });
  });

  test("pods without a controller are reported", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create({
      ...POD,
      metadata: { ...inDefault("p"), labels: LABELS },
      spec: POD_SPEC,
    });
    await cluster.api.create(budget({ maxUnavailable: 1 }));
    await cluster.advance(10_000);
    const [text] = (await events(cluster)).filter((event) => event.startsWith("UnmanagedPods"));
    expect(text).toContain(
      "selector: &LabelSelector{MatchLabels:map[string]string{app: a,},MatchExpressions:[]LabelSelectorRequirement{},}",
    );
  });
});

describe("eviction of a pod that is not ready", () => {
  test.each([
    {
      name: "is refused while the healthy ones are too few",
      policy: undefined,
      others: 1,
      refused: true,
    },
    {
      name: "is free when enough others are healthy",
      policy: undefined,
      others: 2,
      refused: false,
    },
    {
      name: "is always free when the budget says so",
      policy: "AlwaysAllow",
      others: 1,
      refused: false,
    },
  ])("$name", async ({ policy, others, refused }) => {
    const cluster = await startTestCluster();
    await cluster.api.create(replicaSet("r", others));
    const never = { "simulation.keelson.dev/ready": "false" };
    await cluster.api.create({
      ...POD,
      metadata: { ...inDefault("unwell"), labels: LABELS, annotations: never },
      spec: POD_SPEC,
    });
    const spec = policy === undefined ? {} : { unhealthyPodEvictionPolicy: policy };
    await cluster.api.create(budget({ minAvailable: 2, ...spec }));
    await cluster.until(
      "running",
      async () =>
        (await cluster.get(POD, "unwell")).status?.phase === "Running" &&
        (await statusOf(cluster))?.currentHealthy === others,
    );
    const evicting = cluster.api.create(
      { apiVersion: "policy/v1", kind: "Eviction", metadata: inDefault("unwell") },
      { subresource: "eviction" },
    );
    if (refused) await expect(evicting).rejects.toThrow("Cannot evict pod");
    else await evicting;
  });
});
