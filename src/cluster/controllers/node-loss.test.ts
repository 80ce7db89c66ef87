import { describe, expect, test } from "vitest";
import { isReady, NODE, nodeCondition, POD } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { reviveNode, silenceNode } from "../nodes/index.ts";
import { START, startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";
import { DEPLOYMENT } from "./workload-kinds.ts";

const TOLERATES_300_S = ["not-ready", "unreachable"].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: "Exists" as const,
  effect: "NoExecute" as const,
  tolerationSeconds: 300,
}));

const deployment = (replicas: number): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "d" } },
    template: {
      metadata: { labels: { app: "d" } },
      spec: { containers: [{ name: "c", image: "i:1" }], tolerations: TOLERATES_300_S },
    },
  },
});

const available = (cluster: TestCluster, count: number) => async (): Promise<boolean> =>
  ((await cluster.get(DEPLOYMENT, "d")).status?.availableReplicas ?? 0) === count;
const seconds = (cluster: TestCluster): number => (cluster.clock.now() - START) / 1000;
const taintsOf = async (cluster: TestCluster, name: string): Promise<readonly string[]> => {
  const node = await cluster.get(NODE, name);
  return (node.spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
};

describe("a lost node", () => {
  test("is noticed after the grace period; its pods move after their toleration", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(3));
    await cluster.until("all available", available(cluster, 3));
    await cluster.advance(60_000 - (cluster.clock.now() - START));
    await silenceNode(cluster.api, "node-1", cluster.clock.now());
    await cluster.until("unavailable", available(cluster, 2));
    expect(seconds(cluster)).toBe(110);
    const node = await cluster.get(NODE, "node-1");
    expect(nodeCondition(node, "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusUnknown",
    });
    expect(await taintsOf(cluster, "node-1")).toEqual([
      "node.kubernetes.io/unreachable:NoSchedule",
      "node.kubernetes.io/unreachable:NoExecute",
    ]);
    await cluster.until("replaced", available(cluster, 3));
    expect(seconds(cluster)).toBeGreaterThan(409);
    expect(seconds(cluster)).toBeLessThan(416);
    const stuck = (await cluster.list(POD, "default")).filter(
      ({ spec }) => spec.nodeName === "node-1",
    );
    expect(stuck.map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true]);
    expect(cluster.errors).toEqual([]);
  });

  test("comes back: no taints, and the pods it should not have end", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(3));
    await cluster.until("all available", available(cluster, 3));
    await silenceNode(cluster.api, "node-1", cluster.clock.now());
    await cluster.advance(400_000);
    await reviveNode(cluster.api, "node-1", cluster.clock.now());
    await cluster.advance(10_000);
    expect(await taintsOf(cluster, "node-1")).toEqual([]);
    const pods = await cluster.list(POD, "default");
    expect(pods.filter(isReady)).toHaveLength(3);
    expect(pods).toHaveLength(3);
  });

  test("that comes back within the toleration keeps its pods", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(3));
    await cluster.until("all available", available(cluster, 3));
    const before = new Set(
      (await cluster.list(POD, "default")).map(({ metadata }) => metadata.uid),
    );
    await silenceNode(cluster.api, "node-1", cluster.clock.now());
    await cluster.until("unavailable", available(cluster, 2));
    await reviveNode(cluster.api, "node-1", cluster.clock.now());
    await cluster.until("available again", available(cluster, 3));
    await cluster.advance(600_000);
    const after = new Set((await cluster.list(POD, "default")).map(({ metadata }) => metadata.uid));
    expect(after).toEqual(before);
  });

  test("whole zones are emptied at a rate, and nothing is when every zone is down", async () => {
    const cluster = await startTestCluster({ nodes: { count: 9 } });
    await cluster.api.create(deployment(9));
    await cluster.until("all available", available(cluster, 9));
    const emptied = async (): Promise<number> => {
      const nodes = await cluster.list(NODE);
      return nodes.filter(({ spec }) =>
        (spec?.taints ?? []).some(({ effect }) => effect === "NoExecute"),
      ).length;
    };
    for (const index of [0, 3, 6])
      await silenceNode(cluster.api, `node-${index}`, cluster.clock.now());
    await cluster.until("the first is emptied", async () => (await emptied()) > 0);
    expect(await emptied()).toBe(1);
    await cluster.advance(10_500);
    expect(await emptied()).toBe(2);
    await cluster.advance(10_500);
    expect(await emptied()).toBe(3);
    for (const index of [1, 2, 4, 5, 7, 8])
      await silenceNode(cluster.api, `node-${index}`, cluster.clock.now());
    await cluster.advance(600_000);
    const nodes = await cluster.list(NODE);
    expect(nodes.every((node) => nodeCondition(node, "Ready")?.status === "Unknown")).toBe(true);
    const pods = await cluster.list(POD, "default");
    expect(
      pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).length,
    ).toBeGreaterThan(5);
  });

  test("that is deleted takes its pods along after a while", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(3));
    await cluster.until("all available", available(cluster, 3));
    await cluster.api.delete({ ...NODE, name: "node-1" });
    await cluster.until("replaced", available(cluster, 3));
    await cluster.advance(60_000);
    const pods = await cluster.list(POD, "default");
    expect(new Set(pods.map(({ spec }) => spec.nodeName))).toEqual(new Set(["node-0", "node-2"]));
  });

  test("cordoning it is a taint that keeps new pods away", async () => {
    const cluster = await startTestCluster();
    await cluster.api.patch(
      { ...NODE, name: "node-1" },
      { type: "merge", body: { spec: { unschedulable: true } } },
    );
    await cluster.advance(1000);
    expect(await taintsOf(cluster, "node-1")).toEqual([
      "node.kubernetes.io/unschedulable:NoSchedule",
    ]);
    await cluster.api.create(deployment(6));
    await cluster.until("all available", available(cluster, 6));
    const pods = await cluster.list(POD, "default");
    expect(new Set(pods.map(({ spec }) => spec.nodeName))).toEqual(new Set(["node-0", "node-2"]));
  });

  test("a NoExecute taint evicts at once what does not tolerate it", async () => {
    const cluster = await startTestCluster();
    const pod = (name: string, tolerations: readonly object[]): KubernetesObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: {
        containers: [{ name: "c", image: "i:1" }],
        nodeSelector: { "kubernetes.io/hostname": "node-2" },
        tolerations,
      },
    });
    await cluster.api.create(pod("p", []));
    await cluster.api.create(pod("stays", [{ operator: "Exists" }]));
    await cluster.advance(10_000);
    const body = { spec: { taints: [{ key: "out", effect: "NoExecute" }] } };
    await cluster.api.patch({ ...NODE, name: "node-2" }, { type: "merge", body });
    await cluster.advance(10_000);
    const pods = await cluster.list(POD, "default");
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(["stays"]);
    const events = await cluster.list({ apiVersion: "v1", kind: "Event" }, "default");
    const evictions = events.filter((event) => event["reason"] === "TaintManagerEviction");
    expect(evictions.map((event) => event["message"])).toEqual([
      "Marking for deletion Pod default/p",
    ]);
  });
});
