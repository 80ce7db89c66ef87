import { describe, expect, test } from "vitest";
import { createRng, createVirtualClock } from "../../core/index.ts";
import type { Pod, PodStatus } from "../../kubernetes/index.ts";
import { createCluster } from "../cluster.ts";
import {
  lastRenewal,
  leaseFor,
  LEASE,
  LEASE_NAMESPACE,
  materialised,
  nodeAgentHook,
  registerNodes,
  silenceNode,
  simulatedAgent,
  simulatedNodes,
  stageOf,
} from "./index.ts";
import type { Lease } from "./index.ts";
import { createPodAddresses } from "./pod-addresses.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

describe("simulated nodes", () => {
  test("are dealt out to zones, with ranges that do not overlap", () => {
    const nodes = simulatedNodes({ count: 4, zones: ["a", "b"], podCidr: "10.42.0.0/16" }, START);
    expect(nodes.map(({ metadata }) => metadata.labels?.["topology.kubernetes.io/zone"])).toEqual([
      "a",
      "b",
      "a",
      "b",
    ]);
    expect(nodes.map(({ spec }) => spec?.podCIDR)).toEqual([
      "10.42.0.0/24",
      "10.42.1.0/24",
      "10.42.2.0/24",
      "10.42.3.0/24",
    ]);
    for (const { metadata } of nodes)
      expect(metadata.labels).toMatchObject({ "keelson.dev/agent": "simulated" });
  });

  test("share a small range in smaller parts, and take no more pods than these have addresses", () => {
    const nodes = simulatedNodes({ count: 1000, podCidr: "10.42.0.0/16" }, START);
    const ranges = nodes.map(({ spec }) => spec?.podCIDR);
    expect(new Set(ranges).size).toBe(1000);
    expect(ranges.slice(0, 2)).toEqual(["10.42.0.0/26", "10.42.0.64/26"]);
    expect(nodes[0]?.status?.allocatable).toMatchObject({ pods: "61" });
  });
});

describe("heartbeats", () => {
  const at = (seconds: number): number => START + seconds * 1000;

  test("are derived every ten seconds", () => {
    const lease = leaseFor("node-0", START);
    expect([0, 9, 10, 25].map((seconds) => lastRenewal(lease, at(seconds)))).toEqual([
      at(0),
      at(0),
      at(10),
      at(20),
    ]);
    expect(materialised(lease, at(25)).spec?.renewTime).toBe("2026-01-01T00:00:20.000000Z");
  });

  test("are seen by whoever reads the Lease, and end when the node falls silent", async () => {
    const clock = createVirtualClock(START);
    const nodeAgent = nodeAgentHook([simulatedAgent()]);
    const { api } = createCluster({ name: "test", clock, rng: createRng("x"), nodeAgent });
    await registerNodes(api, simulatedNodes({ count: 1, podCidr: "10.42.0.0/16" }, START), START);
    const seen = async (): Promise<(string | undefined)[]> => {
      const one = await api.get({ ...LEASE, name: "node-0", namespace: LEASE_NAMESPACE });
      const { items } = await api.list(LEASE, { namespace: LEASE_NAMESPACE });
      return [one, ...items].map((lease) => (lease as Lease).spec?.renewTime);
    };
    await clock.advanceBy(25_000);
    expect(await seen()).toEqual(Array(2).fill("2026-01-01T00:00:20.000000Z"));
    await silenceNode(api, "node-0", clock.now());
    await clock.advanceBy(60_000);
    expect(await seen()).toEqual(Array(2).fill("2026-01-01T00:00:20.000000Z"));
  });

  test("end with the last one before the silence", async () => {
    const clock = createVirtualClock(START);
    const { api } = createCluster({ name: "test", clock, rng: createRng("x") });
    await registerNodes(api, simulatedNodes({ count: 1, podCidr: "10.42.0.0/16" }, START), START);
    await silenceNode(api, "node-0", at(27));
    const lease = (await api.get({
      ...LEASE,
      name: "node-0",
      namespace: LEASE_NAMESPACE,
    })) as Lease;
    expect(lastRenewal(lease, at(1000))).toBe(at(20));
    expect(materialised(lease, at(1000))).toBe(lease);
  });
});

describe("pod addresses", () => {
  test("are not given twice, not reused at once, and run out", () => {
    const addresses = createPodAddresses();
    const range = "10.0.0.0/29";
    expect(["a", "b", "c"].map((uid) => addresses.assign(uid, range))).toEqual([
      "10.0.0.2",
      "10.0.0.3",
      "10.0.0.4",
    ]);
    expect(addresses.assign("a", range)).toBe("10.0.0.2");
    addresses.release("a");
    expect(["d", "e", "f", "g"].map((uid) => addresses.assign(uid, range))).toEqual([
      "10.0.0.5",
      "10.0.0.6",
      "10.0.0.2",
      undefined,
    ]);
  });

  test("that a pod has already are taken note of", () => {
    const addresses = createPodAddresses();
    addresses.claim("old", "10.0.0.0/29", "10.0.0.2");
    expect(addresses.assign("new", "10.0.0.0/29")).toBe("10.0.0.3");
    expect(addresses.assign("old", "10.0.0.0/29")).toBe("10.0.0.2");
  });
});

describe("stages", () => {
  const pod = (over: Partial<Pod>): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default" },
    spec: { containers: [{ name: "c" }], nodeName: "node-0", restartPolicy: "Always" },
    ...over,
  });
  const running = (ready: boolean): PodStatus => ({
    phase: "Running",
    startTime: "2026-01-01T00:00:00Z",
    conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    containerStatuses: [{ name: "c", ready, restartCount: 0, state: { running: {} } }],
  });
  const job = {
    ownerReferences: [
      { apiVersion: "batch/v1", kind: "Job", name: "j", uid: "u", controller: true },
    ],
  };
  const never = { containers: [{ name: "c" }], restartPolicy: "Never" as const };

  test.each([
    { name: "a bound pod is accepted", pod: pod({}), stage: "accept" },
    {
      name: "an accepted pod starts",
      pod: pod({ status: { phase: "Pending", startTime: "2026-01-01T00:00:00Z" } }),
      stage: "start",
    },
    {
      name: "a running pod becomes ready",
      pod: pod({ status: running(false) }),
      stage: "become-ready",
    },
    { name: "a ready pod stays", pod: pod({ status: running(true) }), stage: undefined },
    {
      name: "a Job's pod finishes",
      pod: pod({ metadata: { name: "p", ...job }, spec: never, status: running(true) }),
      stage: "finish",
    },
    {
      name: "a pod with a duration that restarts crashes",
      pod: pod({
        metadata: { name: "p", annotations: { "simulation.keelson.dev/duration": "5s" } },
        status: running(true),
      }),
      stage: "crash",
    },
    {
      name: "a terminating pod goes, whatever its state",
      pod: pod({
        metadata: { name: "p", deletionTimestamp: "2026-01-01T00:00:00Z" },
        status: running(true),
      }),
      stage: "terminate",
    },
    {
      name: "an ended pod stays",
      pod: pod({ spec: never, status: { phase: "Succeeded" } }),
      stage: undefined,
    },
  ])("$name", ({ pod: given, stage }) => {
    expect(stageOf(given)?.name).toBe(stage);
  });
});
