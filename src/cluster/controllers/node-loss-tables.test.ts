// Tables of kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller_test.go (TestMonitorNodeHealthUpdateStatus,
// TestApplyNoExecuteTaints, TestSwapUnreachableNotReadyTaints, TestTaintsNodeByCondition, TestGetZoneState and the rates
// of TestMonitorNodeHealthEvictPodsWithDisruption), pkg/controller/tainteviction/taint_eviction_test.go and
// pkg/controller/podgc/gc_controller_test.go @ v1.36.

import { describe, expect, test } from "vitest";
import { NODE, POD } from "../../kubernetes/index.ts";
import type {
  KubeApi,
  KubernetesObject,
  Node,
  Pod,
  Taint,
  Toleration,
} from "../../kubernetes/index.ts";
import { evictionIntervalMs, zoneState } from "./node-health.ts";
import type { ZoneState } from "./node-health.ts";
import { nodeLifecycleController } from "./node-lifecycle.ts";
import { createPodGarbageCollector, podGarbageCollector } from "./pod-gc.ts";
import { taintEvictionController } from "./taint-eviction.ts";
import { createControllerBench } from "./testing/controller-bench.ts";
import type { ControllerBench } from "./testing/controller-bench.ts";

const POD_REF = { ...POD, name: "pod1", namespace: "default" };
const NODE_REF = { ...NODE, name: "node1" };

function nodeOf(name: string, status: object = {}, spec: object = {}): KubernetesObject {
  return { ...NODE, metadata: { name }, spec, status };
}

function podOf(name: string, spec: object, metadata: object = {}): KubernetesObject {
  const containers = [{ name: "c", image: "i:1" }];
  return {
    ...POD,
    metadata: { name, namespace: "default", ...metadata },
    spec: { containers, ...spec },
  };
}

async function podsOf(api: KubeApi): Promise<readonly Pod[]> {
  return (await api.list(POD)).items as readonly Pod[];
}
const nodeIn = async (api: KubeApi, name = "node1"): Promise<Node> =>
  (await api.get({ ...NODE, name })) as Node;

describe("the state of a zone", () => {
  const nodes = (ready: number, down: number): readonly Node[] =>
    [...Array<string>(ready).fill("True"), ...Array<string>(down).fill("Unknown")].map(
      (status, at) =>
        nodeOf(`n${at}`, { conditions: [{ type: "Ready", status }] }) as unknown as Node,
    );
  test.each<{ ready: number; down: number; expected: ZoneState }>([
    { ready: 0, down: 0, expected: "normal" },
    { ready: 3, down: 0, expected: "normal" },
    { ready: 0, down: 1, expected: "full-disruption" },
    { ready: 0, down: 3, expected: "full-disruption" },
    { ready: 1, down: 2, expected: "normal" },
    { ready: 2, down: 3, expected: "partial-disruption" },
    { ready: 5, down: 5, expected: "normal" },
    { ready: 45, down: 55, expected: "partial-disruption" },
  ])("$ready ready and $down not: $expected", ({ ready, down, expected }) => {
    expect(zoneState(nodes(ready, down))).toBe(expected);
  });

  test.each([
    { name: "a normal zone", zone: nodes(9, 1), expected: 10_000 },
    { name: "a zone that is lost while another is not", zone: nodes(0, 3), expected: 10_000 },
    { name: "a small zone partly lost", zone: nodes(2, 8), expected: undefined },
    { name: "a large zone partly lost", zone: nodes(11, 40), expected: 100_000 },
  ])("$name is emptied a node in $expected ms", ({ zone, expected }) => {
    expect(evictionIntervalMs(zone, [zoneState(zone), "normal"])).toBe(expected);
  });

  test("nothing is emptied when every zone is lost", () => {
    expect(evictionIntervalMs(nodes(0, 3), ["full-disruption", "full-disruption"])).toBeUndefined();
  });

  test("nodes with the label are not counted", () => {
    const [ready, down] = [...nodes(1, 0), ...nodes(0, 1)];
    const labels = { "node.kubernetes.io/exclude-disruption": "" };
    const excluded = { ...ready, metadata: { name: "x", labels } } as Node;
    expect(zoneState([excluded, down as Node])).toBe("full-disruption");
  });
});

describe("a node that is not heard of", () => {
  const HEARD = "2026-01-01T00:00:00Z";
  const condition = (type: string, status: string) => ({
    type,
    status,
    lastHeartbeatTime: HEARD,
    lastTransitionTime: HEARD,
  });
  const conditionsOf = async ({ api }: ControllerBench): Promise<readonly string[]> =>
    ((await nodeIn(api)).status?.conditions ?? []).map(
      ({ type, status, reason = "-" }) => `${type} ${status} ${reason}`,
    );

  test.each([
    { name: "never reported, within 60 s", conditions: [], afterMs: 59_000, expected: [] },
    {
      name: "never reported",
      conditions: [],
      afterMs: 61_000,
      expected: ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"].map(
        (type) => `${type} Unknown NodeStatusNeverUpdated`,
      ),
    },
    {
      name: "reported, within 50 s",
      conditions: [condition("Ready", "True")],
      afterMs: 49_000,
      expected: ["Ready True -"],
    },
    {
      name: "stopped reporting",
      conditions: [
        condition("OutOfDisk", "False"),
        condition("Ready", "True"),
        condition("MemoryPressure", "False"),
      ],
      afterMs: 51_000,
      expected: [
        "OutOfDisk False -",
        "Ready Unknown NodeStatusUnknown",
        "MemoryPressure Unknown NodeStatusUnknown",
        "DiskPressure Unknown NodeStatusNeverUpdated",
        "PIDPressure Unknown NodeStatusNeverUpdated",
      ],
    },
  ])("$name", async ({ conditions, afterMs, expected }) => {
    const bench = await createControllerBench();
    await bench.api.create(nodeOf("node1", { conditions }));
    await bench.run(nodeLifecycleController);
    await bench.clock.advanceBy(afterMs);
    expect(await conditionsOf(bench)).toEqual(expected);
  });

  test("heartbeat times stay, and only a node that was ready is told of", async () => {
    const bench = await createControllerBench();
    await bench.api.create(nodeOf("node1", { conditions: [condition("Ready", "True")] }));
    await bench.api.create(nodeOf("node2", { conditions: [condition("Ready", "False")] }));
    await bench.run(nodeLifecycleController);
    await bench.clock.advanceBy(60_000);
    const [ready] = (await nodeIn(bench.api)).status?.conditions ?? [];
    expect(ready).toMatchObject({
      lastHeartbeatTime: HEARD,
      message: "Kubelet stopped posting node status.",
    });
    expect(await bench.events()).toEqual([
      "NodeNotReady Node/node1: Node node1 status is now: NodeNotReady",
    ]);
  });
});

describe("taints by condition", () => {
  const taintsIn = async (api: KubeApi, name?: string): Promise<readonly string[]> =>
    ((await nodeIn(api, name)).spec?.taints ?? [])
      .map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`)
      .toSorted();
  const withConditions = (...conditions: readonly (readonly [string, string])[]) => ({
    conditions: conditions.map(([type, status]) => ({
      type,
      status,
      lastHeartbeatTime: "2026-01-01T00:00:00Z",
    })),
  });
  const READY = withConditions(["Ready", "True"]);

  test.each([
    { name: "ready", status: READY, spec: {}, expected: [] },
    { name: "no status yet", status: {}, spec: {}, expected: [] },
    {
      name: "network and disk",
      status: withConditions(
        ["Ready", "True"],
        ["NetworkUnavailable", "True"],
        ["DiskPressure", "True"],
      ),
      spec: {},
      expected: ["disk-pressure:NoSchedule", "network-unavailable:NoSchedule"],
    },
    {
      name: "memory and processes, cordoned",
      status: withConditions(
        ["Ready", "True"],
        ["MemoryPressure", "True"],
        ["PIDPressure", "True"],
      ),
      spec: { unschedulable: true },
      expected: [
        "memory-pressure:NoSchedule",
        "pid-pressure:NoSchedule",
        "unschedulable:NoSchedule",
      ],
    },
    {
      name: "taints that no longer hold go, with other effects or keys they stay",
      status: READY,
      spec: {
        taints: [
          { key: "node.kubernetes.io/network-unavailable", effect: "NoSchedule" },
          { key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
          { key: "node.kubernetes.io/unschedulable", effect: "NoExecute" },
          { key: "mine", effect: "NoSchedule" },
        ],
      },
      expected: ["mine:NoSchedule", "unschedulable:NoExecute"],
    },
    {
      name: "not ready, beside a ready node",
      status: withConditions(["Ready", "False"]),
      spec: {},
      expected: ["not-ready:NoExecute", "not-ready:NoSchedule"],
    },
  ])("$name", async ({ status, spec, expected }) => {
    const { api, run } = await createControllerBench();
    await api.create(nodeOf("node0", READY));
    await api.create(nodeOf("node1", status, spec));
    await run(nodeLifecycleController);
    expect(await taintsIn(api)).toEqual(expected);
  });

  test("not ready and unreachable are swapped at once, whatever the rate", async () => {
    const { api, clock, run } = await createControllerBench();
    for (const name of ["node0", "node1", "node2"]) await api.create(nodeOf(name, READY));
    await run(nodeLifecycleController);
    const report = async (name: string, status: string): Promise<void> => {
      const node = await api.get({ ...NODE, name });
      const next = { ...node, status: withConditions(["Ready", status]) };
      await api.update(next, { subresource: "status" });
      await clock.settle();
    };
    await report("node1", "False");
    await report("node2", "False");
    expect(await taintsIn(api)).toEqual(["not-ready:NoExecute", "not-ready:NoSchedule"]);
    expect(await taintsIn(api, "node2")).toEqual(["not-ready:NoSchedule"]);
    await report("node1", "Unknown");
    expect(await taintsIn(api)).toEqual(["unreachable:NoExecute", "unreachable:NoSchedule"]);
    await clock.advanceBy(10_000);
    expect(await taintsIn(api, "node2")).toEqual(["not-ready:NoExecute", "not-ready:NoSchedule"]);
    await report("node0", "False");
    expect(await taintsIn(api)).toEqual(["unreachable:NoSchedule"]);
    expect(await taintsIn(api, "node2")).toEqual(["not-ready:NoSchedule"]);
  });
});

describe("eviction by taint", () => {
  const taint = (index: number): Taint => ({
    key: `testTaint${index}`,
    value: `test${index}`,
    effect: "NoExecute",
  });
  const tolerates = (index: number, tolerationSeconds?: number): Toleration => ({
    key: `testTaint${index}`,
    value: `test${index}`,
    effect: "NoExecute",
    ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
  });
  const setTaints = async (api: KubeApi, taints: readonly Taint[]): Promise<void> => {
    const body = { spec: { taints: taints.length === 0 ? null : taints } };
    await api.patch(NODE_REF, { type: "merge", body });
  };
  const isEvicted = async (api: KubeApi): Promise<boolean> =>
    (await podsOf(api))[0]?.metadata.deletionTimestamp !== undefined;
  const begin = async (tolerations: readonly Toleration[], taints: readonly Taint[]) => {
    const bench = await createControllerBench();
    await bench.api.create(nodeOf("node1"));
    await bench.run(taintEvictionController);
    await bench.api.create(podOf("pod1", { nodeName: "node1", tolerations }));
    await bench.clock.settle();
    await setTaints(bench.api, taints);
    await bench.clock.settle();
    return bench;
  };

  test.each([
    { name: "no taint", tolerations: [], taints: [], evictedAfterS: undefined },
    { name: "a taint", tolerations: [], taints: [taint(1)], evictedAfterS: 0 },
    {
      name: "finite toleration",
      tolerations: [tolerates(1, 100)],
      taints: [taint(1)],
      evictedAfterS: 100,
    },
    {
      name: "infinite toleration",
      tolerations: [tolerates(1)],
      taints: [taint(1)],
      evictedAfterS: undefined,
    },
    {
      name: "toleration of another taint",
      tolerations: [tolerates(2)],
      taints: [taint(1)],
      evictedAfterS: 0,
    },
    {
      name: "toleration of no time at all",
      tolerations: [tolerates(1, -5)],
      taints: [taint(1)],
      evictedAfterS: 0,
    },
    {
      name: "only one of two taints is tolerated",
      tolerations: [tolerates(1, 100)],
      taints: [taint(1), taint(2)],
      evictedAfterS: 0,
    },
    {
      name: "the shortest of several runs out first",
      tolerations: [tolerates(1, 1), tolerates(2, 100)],
      taints: [taint(1), taint(2)],
      evictedAfterS: 1,
    },
    {
      name: "of two for one taint the first counts",
      tolerations: [tolerates(1, 100), tolerates(1, 10)],
      taints: [taint(1)],
      evictedAfterS: 100,
    },
  ])("$name", async ({ tolerations, taints, evictedAfterS }) => {
    const { api, clock, errors } = await begin(tolerations, taints);
    expect(await isEvicted(api)).toBe(evictedAfterS === 0);
    await clock.advanceBy(Math.max(0, (evictedAfterS ?? 1000) * 1000 - 1));
    expect(await isEvicted(api)).toBe(evictedAfterS === 0);
    await clock.advanceBy(1);
    expect(await isEvicted(api)).toBe(evictedAfterS !== undefined);
    expect(errors).toEqual([]);
  });

  test("the pod says why it goes", async () => {
    const { api, events } = await begin([], [taint(1)]);
    const [pod] = await podsOf(api);
    expect(pod?.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      }),
    );
    expect(await events()).toEqual([
      "TaintManagerEviction Pod/pod1: Marking for deletion Pod default/pod1",
    ]);
  });

  test("a taint that goes cancels the eviction", async () => {
    const { api, clock, events } = await begin([tolerates(1, 10)], [taint(1)]);
    await setTaints(api, []);
    await clock.advanceBy(60_000);
    expect(await isEvicted(api)).toBe(false);
    expect(await events()).toEqual([
      "TaintManagerEviction Pod/pod1: Cancelling deletion of Pod default/pod1",
    ]);
    await setTaints(api, [taint(1)]);
    await clock.advanceBy(9999);
    expect(await isEvicted(api)).toBe(false);
    await clock.advanceBy(1);
    expect(await isEvicted(api)).toBe(true);
  });

  test("one taint of two that goes leaves the time as it was", async () => {
    const { api, clock } = await begin([tolerates(1, 10), tolerates(2, 100)], [taint(1), taint(2)]);
    await clock.advanceBy(5000);
    await setTaints(api, [taint(2)]);
    await clock.advanceBy(5000);
    expect(await isEvicted(api)).toBe(true);
  });

  test("a longer toleration comes too late", async () => {
    const { api, clock } = await begin([tolerates(1, 10)], [taint(1)]);
    const longer = { spec: { tolerations: [tolerates(1, 10), tolerates(1, 100)] } };
    await api.patch(POD_REF, { type: "merge", body: longer });
    await clock.advanceBy(10_000);
    expect(await isEvicted(api)).toBe(true);
  });
});

describe("pods that nobody will end", () => {
  const namesOf = async (api: KubeApi): Promise<readonly string[]> =>
    (await podsOf(api)).map(({ metadata }) => metadata.name).toSorted();
  /** What became of pods that a finalizer holds. */
  const HELD = { finalizers: ["example.com/hold"] };

  test.each([
    { name: "fewer than the threshold", phases: ["Failed", "Succeeded"], max: 2, left: ["0", "1"] },
    {
      name: "the oldest go first",
      phases: ["Running", "Failed", "Succeeded", "Failed"],
      max: 1,
      left: ["0", "3"],
    },
    {
      name: "evicted ones before all others",
      phases: ["Failed", "Evicted", "Failed"],
      max: 2,
      left: ["0", "2"],
    },
  ])("finished: $name", async ({ phases, max, left }) => {
    const { api, clock, run } = await createControllerBench();
    await api.create(nodeOf("node"));
    await run((context) => createPodGarbageCollector(context, max));
    for (const [at, phase] of phases.entries()) {
      const pod = await api.create(podOf(String(at), { nodeName: "node" }));
      await clock.advanceBy(1000);
      const status = phase === "Evicted" ? { phase: "Failed", reason: phase } : { phase };
      await api.update({ ...pod, status }, { subresource: "status" });
    }
    await clock.settle();
    expect(await namesOf(api)).toEqual(left);
  });

  test("orphaned: the node has to be gone for a while, and the pod says so", async () => {
    const { api, clock, run } = await createControllerBench();
    await api.create(nodeOf("node1"));
    await api.create(podOf("stays", { nodeName: "node1" }));
    await api.create(podOf("goes", { nodeName: "lost" }, HELD));
    await run(podGarbageCollector);
    await clock.advanceBy(30_000);
    expect((await podsOf(api)).map(({ status }) => status?.phase)).toEqual(["Pending", "Pending"]);
    await clock.advanceBy(10_000);
    const goes = (await podsOf(api)).find(({ metadata }) => metadata.name === "goes");
    expect(goes?.metadata.deletionTimestamp).toBeDefined();
    expect(goes?.status?.phase).toBe("Failed");
    expect(goes?.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: "DisruptionTarget",
        reason: "DeletionByPodGC",
        message: "PodGC: node no longer exists",
      }),
    );
  });

  test("orphaned: a node that comes back in time keeps its pods", async () => {
    const { api, clock, run } = await createControllerBench();
    await api.create(podOf("stays", { nodeName: "late" }));
    await run(podGarbageCollector);
    await clock.advanceBy(30_000);
    await api.create(nodeOf("late"));
    await clock.advanceBy(60_000);
    expect(await namesOf(api)).toEqual(["stays"]);
  });

  const OUT = { taints: [{ key: "node.kubernetes.io/out-of-service", effect: "NoExecute" }] };
  const ready = (status: string) => ({ conditions: [{ type: "Ready", status }] });
  test.each([
    { name: "not ready and out of service", status: ready("False"), spec: OUT, failed: true },
    { name: "ready, though out of service", status: ready("True"), spec: OUT, failed: false },
    { name: "not ready alone", status: ready("Unknown"), spec: {}, failed: false },
  ])("terminating on a node that is $name", async ({ status, spec, failed }) => {
    const { api, clock, run } = await createControllerBench();
    await api.create(nodeOf("node1", status, spec));
    await api.create(podOf("pod1", { nodeName: "node1" }, HELD));
    await run(podGarbageCollector);
    await api.delete(POD_REF);
    await clock.settle();
    const [pod] = await podsOf(api);
    expect(pod?.status?.phase).toBe(failed ? "Failed" : "Pending");
  });
});
