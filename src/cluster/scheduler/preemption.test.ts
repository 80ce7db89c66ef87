// Live behaviour, and the choice among candidates as in kubernetes pkg/scheduler/framework/preemption and
// plugins/defaultpreemption/default_preemption_test.go (TestPickOneNodeForPreemption) @ v1.36.

import { describe, expect, test } from "vitest";
import { POD } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { startTestCluster } from "../controllers/testing/test-cluster.ts";
import type { TestCluster } from "../controllers/testing/test-cluster.ts";
import { pickCandidate } from "./preemption.ts";
import type { PreemptionCandidate } from "./preemption.ts";

const priorityClass = (name: string, value: number): KubernetesObject => ({
  apiVersion: "scheduling.k8s.io/v1",
  kind: "PriorityClass",
  metadata: { name },
  value,
});
const pod = (name: string, cpu: string, over: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", labels: { app: name } },
  spec: { containers: [{ name: "c", image: "i:1", resources: { requests: { cpu } } }], ...over },
});
const running = (cluster: TestCluster, name: string) => async (): Promise<boolean> =>
  (await cluster.get(POD, name)).status?.phase === "Running";
const names = async (cluster: TestCluster): Promise<readonly string[]> =>
  (await cluster.list(POD, "default")).map(({ metadata }) => metadata.name);

async function start(count = 1): Promise<TestCluster> {
  const cluster = await startTestCluster({ nodes: { count } });
  await cluster.api.create(priorityClass("high", 1000));
  await cluster.api.create(priorityClass("middle", 500));
  return cluster;
}

describe("preemption", () => {
  test("the least important pods that are in the way make room", async () => {
    const cluster = await start();
    await cluster.api.create(pod("a", "2"));
    await cluster.api.create(pod("b", "1", { priorityClassName: "middle" }));
    await cluster.api.create(pod("c", "1"));
    await cluster.advance(10_000);
    await cluster.api.create(pod("urgent", "2", { priorityClassName: "high" }));
    await cluster.until("running", running(cluster, "urgent"));
    expect(await names(cluster)).toEqual(["b", "c", "urgent"]);
    const urgent = await cluster.get(POD, "urgent");
    expect(urgent.spec).toMatchObject({ priority: 1000, nodeName: "node-0" });
    expect(urgent.status?.nominatedNodeName).toBe("node-0");
    const events = await cluster.list({ apiVersion: "v1", kind: "Event" }, "default");
    const preempted = events.filter((event) => event["reason"] === "Preempted");
    expect(preempted.map((event) => event["involvedObject"])).toMatchObject([{ name: "a" }]);
    expect(cluster.errors).toEqual([]);
  });

  test("a class that never preempts waits", async () => {
    const cluster = await start();
    await cluster.api.create(pod("a", "4"));
    await cluster.advance(10_000);
    await cluster.api.create(
      pod("patient", "2", { priorityClassName: "high", preemptionPolicy: "Never" }),
    );
    await cluster.advance(60_000);
    expect((await cluster.get(POD, "a")).metadata.deletionTimestamp).toBeUndefined();
    const { status } = await cluster.get(POD, "patient");
    expect(status?.conditions?.[0]?.message).toContain(
      "not eligible due to preemptionPolicy=Never.",
    );
  });

  test("a pod whose budget has nothing to give is spared if another can go", async () => {
    const cluster = await start(2);
    await cluster.api.create(
      pod("guarded", "4", { nodeSelector: { "kubernetes.io/hostname": "node-0" } }),
    );
    await cluster.api.create(
      pod("free", "4", { nodeSelector: { "kubernetes.io/hostname": "node-1" } }),
    );
    await cluster.api.create({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "b", namespace: "default" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "guarded" } } },
    });
    await cluster.advance(10_000);
    await cluster.api.create(pod("urgent", "2", { priorityClassName: "high" }));
    await cluster.until("running", running(cluster, "urgent"));
    expect(await names(cluster)).toEqual(["guarded", "urgent"]);
  });

  test("an unknown class is refused", async () => {
    const cluster = await start();
    await expect(
      cluster.api.create(pod("p", "1", { priorityClassName: "absent" })),
    ).rejects.toThrow('pods "p" is forbidden: no PriorityClass with name absent was found');
  });
});

describe("the node whose pods have to go", () => {
  const MINUTES = ["2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"];
  /** `priority@minute`, started then. */
  const candidate = (nodeName: string, victims: string, violations = 0): PreemptionCandidate => ({
    nodeName,
    violations,
    victims: victims.split(" ").map((part) => {
      const [priority, minute = "0"] = part.split("@");
      return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: part },
        spec: { containers: [], priority: Number(priority) },
        status: { startTime: MINUTES[Number(minute)] ?? "" },
      };
    }),
  });
  test.each([
    { name: "no candidate", candidates: [], want: undefined },
    { name: "one candidate", candidates: [candidate("a", "100")], want: "a" },
    {
      name: "fewest budget violations",
      candidates: [candidate("a", "0", 1), candidate("b", "100")],
      want: "b",
    },
    {
      name: "lowest highest priority",
      candidates: [candidate("a", "100 0"), candidate("b", "50 50")],
      want: "b",
    },
    {
      name: "lowest sum when the highest are equal",
      candidates: [candidate("a", "100 50"), candidate("b", "100 10")],
      want: "b",
    },
    {
      name: "fewer pods, as each counts",
      candidates: [candidate("a", "10 -100"), candidate("b", "10")],
      want: "b",
    },
    {
      name: "fewer pods before lower priorities",
      candidates: [candidate("a", "100 0 0"), candidate("b", "100 90")],
      want: "b",
    },
    {
      name: "the most important started last",
      candidates: [candidate("a", "100@0"), candidate("b", "100@2"), candidate("c", "100@1")],
      want: "b",
    },
    {
      name: "start times of lower ones do not count",
      candidates: [candidate("a", "100@1 0@0"), candidate("b", "100@0 0@2")],
      want: "a",
    },
    {
      name: "the first of equal ones",
      candidates: [candidate("a", "100"), candidate("b", "100")],
      want: "a",
    },
  ])("$name", ({ candidates, want }) => {
    expect(pickCandidate(candidates)?.nodeName).toBe(want);
  });
});
