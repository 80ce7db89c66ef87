// Resizes of pods. Refusals from kubernetes test/e2e/common/node/pod_resize.go (doPodResizeErrorTests), what a node answers from
// pkg/kubelet/allocation/allocation_manager_test.go.

import { beforeAll, describe, expect, it } from "vitest";

import { NODE, POD } from "../../kubernetes/index.ts";
import type { KubernetesObject, Pod } from "../../kubernetes/index.ts";
import { refusal, startTestCluster, type TestCluster } from "./testing/test-cluster.ts";

let test: TestCluster;
beforeAll(async () => {
  test = await startTestCluster({ nodes: { count: 1 } });
  await test.api.create(pod("free", {}));
  await test.api.create(pod("asks", { requests: { cpu: "1m", memory: "1Mi" } }));
  await test.api.create(pod("burst", { requests: HALF, limits: ONE }));
  await test.api.create(pod("sure", { requests: HALF, limits: HALF }));
  await allRun();
});

const allRun = (): Promise<void> =>
  test.until("all run", async () =>
    (await test.list(POD)).every(({ status }) => status?.phase === "Running"),
  );

const HALF = { cpu: "500m", memory: "64Mi" };
const ONE = { cpu: "1", memory: "128Mi" };

const onMemory = { resourceName: "memory", restartPolicy: "RestartContainer" };
const onCpu = { resourceName: "cpu", restartPolicy: "RestartContainer" };
const notOnMemory = { resourceName: "memory", restartPolicy: "NotRequired" };
const SMALL = {
  requests: { cpu: "5m", memory: "1Mi" },
  limits: { cpu: "20m", memory: "4Mi" },
};

/** Cases of kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager_test.go (TestComputePodActionsForPodResize). */
const RESTARTS: readonly {
  readonly name: string;
  readonly policy: readonly object[];
  /** Default: SMALL. */
  readonly from?: object;
  readonly to: object;
  readonly restarts: number;
  /** Default: `c`. */
  readonly of?: "s";
}[] = [
  {
    name: "more memory, which asks for it",
    policy: [onMemory],
    to: { limits: { memory: "8Mi" } },
    restarts: 1,
  },
  {
    name: "less memory, which asks for it",
    policy: [onMemory],
    to: { limits: { memory: "3Mi" } },
    restarts: 1,
  },
  {
    name: "more memory, which does not",
    policy: [notOnMemory, onCpu],
    to: { limits: { memory: "8Mi" } },
    restarts: 0,
  },
  {
    name: "more memory, without a policy",
    policy: [],
    to: { limits: { memory: "8Mi" } },
    restarts: 0,
  },
  {
    name: "a request of memory",
    policy: [onMemory],
    to: { requests: { memory: "2Mi" } },
    restarts: 0,
  },
  {
    name: "a limit of CPU, which asks for it",
    policy: [onCpu],
    to: { limits: { cpu: "30m" } },
    restarts: 1,
  },
  {
    name: "a request of CPU, which asks for it",
    policy: [onCpu],
    to: { requests: { cpu: "6m" } },
    restarts: 1,
  },
  {
    name: "both at once, of which one asks for it",
    policy: [notOnMemory, onCpu],
    to: { limits: { cpu: "30m", memory: "8Mi" } },
    restarts: 1,
  },
  {
    name: "CPU where memory alone asks for it",
    policy: [onMemory],
    to: { requests: { cpu: "6m" } },
    restarts: 0,
  },
  {
    name: "less CPU than a runtime can tell apart",
    policy: [onMemory, onCpu],
    from: { requests: { cpu: "1m" }, limits: { cpu: "5m" } },
    to: { requests: { cpu: "2m" }, limits: { cpu: "10m" } },
    restarts: 0,
  },
  {
    name: "a sidecar",
    policy: [],
    to: { limits: { memory: "8Mi" } },
    of: "s",
    restarts: 1,
  },
];

const nameOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]+/g, "-");

const pod = (name: string, resources: object): KubernetesObject => ({
  ...POD,
  metadata: { name, namespace: "default" },
  spec: { containers: [{ name: "c", image: "i:1", resources }] },
});

async function resize(name: string, body: object): Promise<string> {
  const change = { type: "strategic", body } as const;
  const pod = { ...POD, name, namespace: "default" };
  const why = await refusal(test.api.patch(pod, change, { subresource: "resize" }));
  await test.clock.settle();
  return why;
}

const resources = (given: object): object => ({
  spec: { containers: [{ name: "c", resources: given }] },
});

const REFUSED: readonly {
  readonly name: string;
  readonly of: string;
  readonly body: object;
  readonly says: string;
}[] = [
  {
    name: "what asked for nothing asks",
    of: "free",
    body: resources({ requests: { memory: "1Mi" } }),
    says: 'spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
  },
  {
    name: "what was guaranteed is no more",
    of: "sure",
    body: resources({ requests: { cpu: "250m" } }),
    says: 'spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing',
  },
  {
    name: "a limit goes",
    of: "burst",
    body: resources({ limits: { memory: null } }),
    says: "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed",
  },
  {
    name: "a request goes",
    of: "asks",
    body: resources({ requests: { memory: null } }),
    says: "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
  },
  {
    name: "a request above its limit",
    of: "burst",
    body: resources({ requests: { cpu: "2" } }),
    says: 'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  },
  {
    name: "other resources",
    of: "burst",
    body: resources({ requests: { "ephemeral-storage": "1Gi" } }),
    says: "spec: Forbidden: only cpu and memory resources are mutable",
  },
  {
    name: "another container",
    of: "burst",
    body: { spec: { containers: [{ name: "d", image: "i:1" }] } },
    says: "spec: Forbidden: containers may not be added or removed on resize",
  },
];

describe("a resize", () => {
  it.each(REFUSED)("is refused: $name", async ({ of, body, says }) => {
    expect(await resize(of, body)).toContain(says);
  });

  it("is done on the node, and shows", async () => {
    const before = await test.get(POD, "burst");
    expect(await resize("burst", resources({ requests: { cpu: "750m" } }))).toBe("");
    const after = (await test.get(POD, "burst")) as Pod;
    const requests = { cpu: "750m", memory: "64Mi" };
    expect(after.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
    expect(after.status?.containerStatuses).toMatchObject([
      { restartCount: 0, resources: { requests, limits: ONE }, allocatedResources: requests },
    ]);
  });

  it.each([
    {
      name: "never fits",
      cpu: "1000",
      reason: "Infeasible",
      message: /^Node didn't have enough capacity: cpu, requested: 1000000, capacity: \d+$/,
    },
    {
      name: "does not fit beside the others",
      cpu: "all",
      reason: "Deferred",
      message: /^Node didn't have enough resource: cpu, requested: \d+, used: 751, capacity: \d+$/,
    },
  ])("that $name waits and says why", async ({ cpu, reason, message }) => {
    const [node] = await test.list(NODE);
    const wanted = { cpu: cpu === "all" ? node?.status?.allocatable?.["cpu"] : cpu };
    const both = { requests: wanted, limits: wanted };
    expect(await resize("sure", resources(both))).toBe("");
    const { status } = (await test.get(POD, "sure")) as Pod;
    const pending = status?.conditions?.find(({ type }) => type === "PodResizePending");
    expect(pending).toMatchObject({ status: "True", reason });
    expect(pending?.message).toMatch(message);
    expect(await resize("sure", resources({ requests: HALF, limits: HALF }))).toBe("");
    const { status: settled } = (await test.get(POD, "sure")) as Pod;
    expect(settled?.conditions?.map(({ type }) => type)).not.toContain("PodResizePending");
  });
});

describe("containers", () => {
  beforeAll(async () => {
    for (const { name, policy, from = SMALL } of RESTARTS) {
      const sidecar = { name: "s", image: "i:1", restartPolicy: "Always" };
      await test.api.create({
        ...POD,
        metadata: { name: nameOf(name), namespace: "default" },
        spec: {
          containers: [
            { name: "c", image: "i:1", resizePolicy: policy, resources: from },
            { name: "other", image: "i:1", resizePolicy: [onMemory, onCpu], resources: SMALL },
          ],
          initContainers: [{ ...sidecar, resizePolicy: [onMemory, onCpu], resources: SMALL }],
        },
      });
    }
    await allRun();
  });

  it.each(RESTARTS)("restart as asked: $name", async ({ name, to, of = "c", restarts }) => {
    const list = of === "c" ? "containers" : "initContainers";
    expect(await resize(nameOf(name), { spec: { [list]: [{ name: of, resources: to }] } })).toBe(
      "",
    );
    const { status } = (await test.get(POD, nameOf(name))) as Pod;
    const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
    const counts = Object.fromEntries(all.map((one) => [one.name, one.restartCount]));
    expect(counts).toEqual({ c: 0, other: 0, s: 0, [of]: restarts });
    const resized = all.find((one) => one.name === of);
    expect(resized?.resources).toMatchObject(to);
    const stopped = { exitCode: 143, reason: "Error" };
    expect(resized?.lastState).toEqual(
      restarts === 0 ? {} : { terminated: expect.objectContaining(stopped) },
    );
  });

  it("that are restarted wait to be ready, and it is told", async () => {
    const name = nameOf("slow");
    const container = { name: "c", image: "i:1", resizePolicy: [onMemory], resources: SMALL };
    const readinessProbe = { httpGet: { port: 80 }, initialDelaySeconds: 7 };
    await test.api.create({
      ...POD,
      metadata: { name, namespace: "default" },
      spec: { containers: [{ ...container, readinessProbe }] },
    });
    const isReady = async (): Promise<boolean> =>
      ((await test.get(POD, name)) as Pod).status?.containerStatuses?.[0]?.ready === true;
    await test.until("it is ready", isReady);
    // Two in a row: each restarts.
    for (const memory of ["8Mi", "9Mi"]) {
      expect(await resize(name, resources({ limits: { memory } }))).toBe("");
      expect(await isReady()).toBe(false);
    }
    await test.until("it is ready again", isReady);
    const { status } = (await test.get(POD, name)) as Pod;
    expect(status?.containerStatuses).toMatchObject([{ restartCount: 2 }]);
    expect(await test.list({ apiVersion: "v1", kind: "Event" })).toContainEqual(
      expect.objectContaining({
        involvedObject: expect.objectContaining({ name }),
        reason: "Killing",
        message: "Container c resize requires restart",
      }),
    );
  });
});
