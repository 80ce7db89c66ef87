// The life of simulated pods on a virtual clock, event for event: pulls, init containers, probes, crashes, deadlines.

import { describe, expect, test } from "vitest";
import { isRecord } from "../../core/index.ts";
import { POD } from "../../kubernetes/index.ts";
import type { Container, KubernetesObject, Pod, PodSpec } from "../../kubernetes/index.ts";
import { startTestCluster } from "../controllers/testing/test-cluster.ts";
import type { TestCluster } from "../controllers/testing/test-cluster.ts";
import { FAST_DELAYS } from "./pod-stages.ts";

type Annotations = Readonly<Record<string, string>>;

function pod(annotations: Annotations, spec: Partial<PodSpec> = {}): KubernetesObject {
  const named = Object.entries(annotations).map(([key, value]) => [
    `simulation.keelson.dev/${key}`,
    value,
  ]);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", annotations: Object.fromEntries(named) },
    spec: { containers: [{ name: "c", image: "i:1" }], nodeName: "node-0", ...spec },
  };
}

async function start(annotations: Annotations, spec: Partial<PodSpec> = {}): Promise<TestCluster> {
  const cluster = await startTestCluster({ agent: { delays: FAST_DELAYS } });
  await cluster.api.create(pod(annotations, spec));
  await cluster.advance(0);
  return cluster;
}

/** `Waiting:ContainerCreating`, `Running`, `Error(1)` … of every container, init containers first; then readiness. */
function shown({ status }: Pod): string {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const states = all.map(({ state, restartCount }) => {
    const count = restartCount === 0 ? "" : `*${restartCount}`;
    if (state?.waiting !== undefined) return `${state.waiting.reason}${count}`;
    if (state?.running !== undefined) return `Running${count}`;
    return `${state?.terminated?.reason}(${state?.terminated?.exitCode})${count}`;
  });
  const ready = status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
  return `${status?.phase} ${states.join(" ")}${ready ? " ready" : ""}`;
}

async function look(cluster: TestCluster): Promise<string> {
  return shown(await cluster.get(POD, "p"));
}

/** What is seen at these seconds after the start. */
async function seen(cluster: TestCluster, seconds: readonly number[]): Promise<readonly string[]> {
  const found: string[] = [];
  const begun = cluster.clock.now();
  for (const second of seconds) {
    await cluster.clock.advanceTo(begun + second * 1000);
    found.push(`${second}: ${await look(cluster)}`);
  }
  return found;
}

async function events(cluster: TestCluster): Promise<readonly string[]> {
  const { items } = await cluster.api.list({ apiVersion: "v1", kind: "Event" });
  return items
    .filter(({ source }) => (source as { component?: string }).component === "kubelet")
    .map(({ type, reason, message }) => `${String(type)} ${String(reason)}: ${String(message)}`);
}

describe("starting", () => {
  test("an ordinary pod, and what the kubelet tells", async () => {
    const cluster = await start({});
    expect(await look(cluster)).toBe("Running Running ready");
    const { status } = await cluster.get(POD, "p");
    expect(status).toMatchObject({
      hostIP: "192.168.0.10",
      hostIPs: [{ ip: "192.168.0.10" }],
      podIPs: [{ ip: "10.42.0.2" }],
      qosClass: "BestEffort",
    });
    expect(status?.conditions?.map(({ type, status: is }) => `${type}=${is}`).toSorted()).toEqual([
      "ContainersReady=True",
      "Initialized=True",
      "PodReadyToStartContainers=True",
      "PodScheduled=True",
      "Ready=True",
    ]);
    expect(await events(cluster)).toEqual([
      'Normal Pulled: Container image "i:1" already present on machine and can be accessed by the pod',
      "Normal Created: Container created",
      "Normal Started: Container started",
    ]);
  });

  test("an image that takes its time", async () => {
    const cluster = await start({ pull: "medium" });
    expect(await seen(cluster, [0, 9, 10])).toEqual([
      "0: Pending ContainerCreating",
      "9: Pending ContainerCreating",
      "10: Running Running ready",
    ]);
    expect((await events(cluster))[0]).toBe('Normal Pulling: Pulling image "i:1"');
  });

  test("an image that cannot be had is tried again after 10 s, 20 s, 40 s", async () => {
    const cluster = await start({ pull: "fail 60s" });
    expect(await seen(cluster, [1, 3, 9, 11, 29, 31, 69, 70])).toEqual([
      "1: Pending ErrImagePull",
      "3: Pending ImagePullBackOff",
      "9: Pending ImagePullBackOff",
      "11: Pending ErrImagePull",
      "29: Pending ImagePullBackOff",
      "31: Pending ErrImagePull",
      "69: Pending ImagePullBackOff",
      "70: Running Running ready",
    ]);
    const { status } = await cluster.get(POD, "p");
    expect(status?.podIP).toBe("10.42.0.2");
    expect(await events(cluster)).toEqual(
      expect.arrayContaining([
        'Normal BackOff: Back-off pulling image "i:1"',
        "Warning Failed: Error: ErrImagePull",
        "Warning Failed: Error: ImagePullBackOff",
      ]),
    );
  });

  test("init containers run one after the other, sidecars go on", async () => {
    const initContainers: readonly Container[] = [
      { name: "first", image: "i:1" },
      { name: "sidecar", image: "i:1", restartPolicy: "Always" },
      { name: "second", image: "i:1" },
    ];
    const cluster = await start({ "init-duration": "10s" }, { initContainers });
    expect(await seen(cluster, [0, 10, 20])).toEqual([
      "0: Pending Running PodInitializing PodInitializing PodInitializing",
      "10: Pending Completed(0) Running Running PodInitializing",
      "20: Running Completed(0) Running Completed(0) Running ready",
    ]);
    const { status } = await cluster.get(POD, "p");
    expect(status?.initContainerStatuses?.map(({ ready, started }) => [ready, started])).toEqual([
      [true, false],
      [true, true],
      [true, false],
    ]);
  });

  test("a ConfigMap that is missing stops only the container that needs it", async () => {
    const envFrom = [{ configMapRef: { name: "absent" } }];
    const cluster = await start(
      { "init-duration": "10s" },
      {
        initContainers: [{ name: "first", image: "i:1" }],
        containers: [
          { name: "c", image: "i:1" },
          { name: "d", image: "i:2", envFrom },
        ],
      },
    );
    expect(await seen(cluster, [0, 10])).toEqual([
      "0: Pending Running PodInitializing PodInitializing",
      "10: Pending Completed(0) PodInitializing CreateContainerConfigError",
    ]);
    const { status } = await cluster.get(POD, "p");
    expect(status?.conditions).toContainEqual(
      expect.objectContaining({ type: "PodReadyToStartContainers", status: "True" }),
    );
    expect((await events(cluster)).slice(-2)).toEqual([
      'Normal Pulled: Container image "i:2" already present on machine and can be accessed by the pod',
      'Warning Failed: Error: configmap "absent" not found',
    ]);
  });

  test("an init container that lacks its Secret says so itself", async () => {
    const env = [{ name: "X", valueFrom: { secretKeyRef: { name: "absent", key: "k" } } }];
    const cluster = await start({}, { initContainers: [{ name: "first", image: "i:1", env }] });
    expect(await look(cluster)).toBe("Pending CreateContainerConfigError PodInitializing");
  });

  test("containers that are started again are told like the first time", async () => {
    const cluster = await start({ duration: "1s", "exit-code": "1" });
    expect((await seen(cluster, [1, 2, 12])).at(-1)).toBe("12: Running Running*2 ready");
    const counted = await cluster.api.list({ apiVersion: "v1", kind: "Event" });
    expect(counted.items.find(({ reason }) => reason === "Started")).toMatchObject({ count: 3 });
  });
});

describe("probes", () => {
  const probed = (probes: Partial<Container>): Partial<PodSpec> => ({
    containers: [{ name: "c", image: "i:1", ...withHandlers(probes) }],
  });
  /** What is asked does not matter where nothing answers but the simulation. */
  const withHandlers = (probes: Partial<Container>): Partial<Container> =>
    Object.fromEntries(
      Object.entries(probes).map(([name, probe]) => [
        name,
        isRecord(probe) ? { tcpSocket: { port: 80 }, ...probe } : probe,
      ]),
    );

  test.each([
    { name: "its initial delay", probe: { initialDelaySeconds: 7 }, after: "0s", ready: 7 },
    {
      name: "the first probe that is answered",
      probe: { initialDelaySeconds: 2, periodSeconds: 5 },
      after: "8s",
      ready: 12,
    },
    {
      name: "successes in a row",
      probe: { initialDelaySeconds: 1, periodSeconds: 5, successThreshold: 3 },
      after: "0s",
      ready: 11,
    },
  ])("a pod is ready after $name", async ({ probe, after, ready }) => {
    const cluster = await start({ "ready-after": after }, probed({ readinessProbe: probe }));
    expect(await seen(cluster, [ready - 1, ready])).toEqual([
      `${ready - 1}: Running Running`,
      `${ready}: Running Running ready`,
    ]);
  });

  test("readiness begins when the startup probe has succeeded", async () => {
    const probes = {
      startupProbe: { periodSeconds: 10, failureThreshold: 10 },
      readinessProbe: { initialDelaySeconds: 5 },
    };
    const cluster = await start({ "ready-after": "15s" }, probed(probes));
    expect((await cluster.get(POD, "p")).status?.containerStatuses?.[0]?.started).toBe(false);
    expect(await seen(cluster, [24, 25])).toEqual([
      "24: Running Running",
      "25: Running Running ready",
    ]);
    expect((await cluster.get(POD, "p")).status?.containerStatuses?.[0]?.started).toBe(true);
  });

  test("a startup probe that gives up has the container started again", async () => {
    const probes = { startupProbe: { periodSeconds: 5, failureThreshold: 3 } };
    const cluster = await start({ "ready-after": "1h" }, probed(probes));
    expect(await seen(cluster, [9, 10, 21])).toEqual([
      "9: Running Running",
      "10: Running Running*1",
      "21: Running CrashLoopBackOff*1",
    ]);
    expect(await events(cluster)).toContain(
      "Normal Killing: Container c failed startup probe, will be restarted",
    );
  });

  test("readiness is lost, and the container goes on", async () => {
    const probes = { readinessProbe: { periodSeconds: 10, failureThreshold: 2 } };
    const cluster = await start({ "unready-after": "35s" }, probed(probes));
    expect(await seen(cluster, [1, 49, 50, 300])).toEqual([
      "1: Running Running ready",
      "49: Running Running ready",
      "50: Running Running",
      "300: Running Running",
    ]);
    expect(await events(cluster)).toContain(
      "Warning Unhealthy: Readiness probe failed: the simulated container does not answer",
    );
  });

  test("a liveness probe kills", async () => {
    const probes = { livenessProbe: { periodSeconds: 10, failureThreshold: 3 } };
    const cluster = await start({ "liveness-fails-after": "60s" }, probed(probes));
    expect(await seen(cluster, [79, 80])).toEqual([
      "79: Running Running ready",
      "80: Running Running*1 ready",
    ]);
    const { lastState } = (await cluster.get(POD, "p")).status?.containerStatuses?.[0] ?? {};
    expect(lastState?.terminated).toMatchObject({ exitCode: 137, reason: "Error" });
  });
});

describe("ending", () => {
  test("crashes wait 0 s, 10 s, 20 s, 40 s", async () => {
    const cluster = await start({ duration: "1s", "exit-code": "3" });
    // Runs at 0, 1, 12, 33 and 74: a second each, and the back-off between.
    expect(await seen(cluster, [0, 1, 2, 11, 12, 13, 32, 33, 34, 73, 74])).toEqual([
      "0: Running Running ready",
      "1: Running Running*1 ready",
      "2: Running CrashLoopBackOff*1",
      "11: Running CrashLoopBackOff*1",
      "12: Running Running*2 ready",
      "13: Running CrashLoopBackOff*2",
      "32: Running CrashLoopBackOff*2",
      "33: Running Running*3 ready",
      "34: Running CrashLoopBackOff*3",
      "73: Running CrashLoopBackOff*3",
      "74: Running Running*4 ready",
    ]);
  });

  test("ten minutes of running are forgiven", async () => {
    const cluster = await start({ duration: "10m" });
    await cluster.advance(31 * 60_000);
    expect(await look(cluster)).toBe("Running Running*3 ready");
  });

  test("more memory than allowed", async () => {
    const spec = {
      containers: [
        { name: "c", image: "i:1", resources: { limits: { memory: "128Mi" } } },
        { name: "other", image: "i:1" },
      ],
    };
    const cluster = await start({ "memory.c": "64Mi for 1m, 256Mi" }, spec);
    expect(await seen(cluster, [59, 60, 61])).toEqual([
      "59: Running Running Running ready",
      "60: Running Running*1 Running ready",
      "61: Running CrashLoopBackOff*1 Running",
    ]);
    const { lastState } = (await cluster.get(POD, "p")).status?.containerStatuses?.[0] ?? {};
    expect(lastState?.terminated).toMatchObject({ exitCode: 137, reason: "OOMKilled" });
  });

  test.each([
    { policy: "Never", code: "0", end: "Succeeded Completed(0)" },
    { policy: "Never", code: "4", end: "Failed Error(4)" },
    { policy: "OnFailure", code: "0", end: "Succeeded Completed(0)" },
  ] as const)("$policy with code $code", async ({ policy, code, end }) => {
    const cluster = await start({ duration: "5s", "exit-code": code }, { restartPolicy: policy });
    expect(await seen(cluster, [4, 5])).toEqual(["4: Running Running ready", `5: ${end}`]);
  });

  test("past its deadline", async () => {
    const cluster = await start({}, { activeDeadlineSeconds: 30 });
    expect(await seen(cluster, [29, 30])).toEqual([
      "29: Running Running ready",
      "30: Failed Error(137)",
    ]);
    expect((await cluster.get(POD, "p")).status).toMatchObject({
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    });
  });

  test("a pod that takes long to stop, but no longer than its grace", async () => {
    const cluster = await start({ stop: "50s" }, { terminationGracePeriodSeconds: 20 });
    await cluster.api.delete({ ...POD, name: "p", namespace: "default" });
    await cluster.advance(19_000);
    expect((await cluster.get(POD, "p")).metadata.deletionTimestamp).toBeDefined();
    await cluster.advance(1_000);
    expect(await cluster.list(POD, "default")).toEqual([]);
    expect(await events(cluster)).toContain("Normal Killing: Stopping container c");
  });
});
