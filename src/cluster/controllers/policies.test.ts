import { describe, expect, test } from "vitest";
import { POD, RESOURCE_QUOTA } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { HORIZONTAL_POD_AUTOSCALER, POD_DISRUPTION_BUDGET } from "./policy-kinds.ts";
import { SERVICE } from "./service-kinds.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "./storage-kinds.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";
import { DEPLOYMENT, STATEFUL_SET } from "./workload-kinds.ts";

const inDefault = (name: string) => ({ name, namespace: "default" });
const deployment = (replicas: number, requests: object = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: inDefault("d"),
  spec: {
    replicas,
    selector: { matchLabels: { app: "d" } },
    template: {
      metadata: { labels: { app: "d" } },
      spec: { containers: [{ name: "c", image: "i:1", resources: { requests } }] },
    },
  },
});
const scale = (cluster: TestCluster, replicas: number) =>
  cluster.api.patch(
    { ...DEPLOYMENT, ...inDefault("d") },
    { type: "merge", body: { spec: { replicas } } },
  );
const available = (cluster: TestCluster, count: number) => async (): Promise<boolean> =>
  ((await cluster.get(DEPLOYMENT, "d")).status?.availableReplicas ?? 0) === count;

describe("PodDisruptionBudget", () => {
  const budget = (over: object, app = "d"): KubernetesObject => ({
    ...POD_DISRUPTION_BUDGET,
    metadata: inDefault("b"),
    spec: { selector: { matchLabels: { app } }, ...over },
  });

  test.each([
    { name: "maxUnavailable", over: { maxUnavailable: 1 }, desired: 3, allowed: 1 },
    { name: "maxUnavailable in percent", over: { maxUnavailable: "50%" }, desired: 2, allowed: 2 },
    { name: "minAvailable", over: { minAvailable: 4 }, desired: 4, allowed: 0 },
    { name: "minAvailable in percent", over: { minAvailable: "30%" }, desired: 2, allowed: 2 },
  ])("$name", async ({ over, desired, allowed }) => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(4));
    await cluster.api.create(budget(over));
    await cluster.until("all available", available(cluster, 4));
    const { status } = await cluster.get(POD_DISRUPTION_BUDGET, "b");
    expect(status).toMatchObject({
      observedGeneration: 1,
      disruptionsAllowed: allowed,
      currentHealthy: 4,
      desiredHealthy: desired,
      expectedPods: 4,
      conditions: [
        { type: "DisruptionAllowed", status: allowed > 0 ? "True" : "False", message: "" },
      ],
    });
  });

  test("one eviction is allowed, the next only when the pod has been replaced", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(2));
    await cluster.api.create(budget({ maxUnavailable: 1 }));
    await cluster.until("all available", available(cluster, 2));
    const [first, second] = await cluster.list(POD, "default");
    const evict = (name = "") =>
      cluster.api.create(
        { apiVersion: "policy/v1", kind: "Eviction", metadata: inDefault(name) },
        { subresource: "eviction" },
      );
    await evict(first?.metadata.name);
    await expect(evict(second?.metadata.name)).rejects.toThrow("Cannot evict pod");
    await cluster.until("allowed again", async () => {
      const { status } = await cluster.get(POD_DISRUPTION_BUDGET, "b");
      return status?.disruptionsAllowed === 1 && status.disruptedPods === undefined;
    });
    await evict(second?.metadata.name);
  });

  test("pods without controller cannot be counted on", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...inDefault("p"), labels: { app: "u" } },
      spec: { containers: [{ name: "c", image: "i:1" }] },
    });
    await cluster.api.create(budget({ maxUnavailable: 1 }, "u"));
    await cluster.advance(10_000);
    const { status } = await cluster.get(POD_DISRUPTION_BUDGET, "b");
    expect(status).toMatchObject({
      disruptionsAllowed: 0,
      currentHealthy: 1,
      desiredHealthy: 0,
      expectedPods: 0,
      conditions: [{ status: "False", reason: "InsufficientPods" }],
    });
  });
});

describe("HorizontalPodAutoscaler", () => {
  const autoscaler: KubernetesObject = {
    ...HORIZONTAL_POD_AUTOSCALER,
    metadata: inDefault("h"),
    spec: {
      minReplicas: 2,
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
        },
      ],
    },
  };
  const reasons = async (cluster: TestCluster): Promise<readonly string[]> => {
    const { status } = await cluster.get(HORIZONTAL_POD_AUTOSCALER, "h");
    return (status?.conditions ?? []).map(
      ({ type, status: is, reason }) => `${type}=${is} ${reason}`,
    );
  };

  test("keeps the target within its bounds and says why it does no more", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(1));
    await cluster.api.create(autoscaler);
    await cluster.until("at least two", available(cluster, 2));
    await scale(cluster, 7);
    await cluster.until("at most three", async () => {
      const { spec } = await cluster.get(DEPLOYMENT, "d");
      return spec.replicas === 3 && (await available(cluster, 3)());
    });
    await cluster.advance(16_000);
    const { status } = await cluster.get(HORIZONTAL_POD_AUTOSCALER, "h");
    expect(status).toMatchObject({
      currentReplicas: 3,
      desiredReplicas: 3,
      currentMetrics: [{ type: "" }],
    });
    expect(await reasons(cluster)).toEqual([
      "AbleToScale=True SucceededGetScale",
      "ScalingActive=False FailedGetResourceMetric",
    ]);
    expect(status?.conditions?.[1]?.message).toBe(
      "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)",
    );
  });

  test("a target scaled to zero stays there", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(deployment(0));
    await cluster.api.create(autoscaler);
    await cluster.advance(30_000);
    expect(await reasons(cluster)).toEqual([
      "AbleToScale=True SucceededGetScale",
      "ScalingActive=False ScalingDisabled",
    ]);
    expect(await cluster.list(POD, "default")).toEqual([]);
  });
});

describe("ResourceQuota", () => {
  test("counts what a Deployment creates and frees", async () => {
    const cluster = await startTestCluster();
    const hard = {
      pods: "10",
      "requests.cpu": "4",
      "requests.memory": "1Gi",
      "count/replicasets.apps": "5",
    };
    await cluster.api.create({ ...RESOURCE_QUOTA, metadata: inDefault("q"), spec: { hard } });
    const used = async () => (await cluster.get(RESOURCE_QUOTA, "q")).status?.used;
    await cluster.until("counted", async () => (await used()) !== undefined);
    expect(await used()).toEqual({
      pods: "0",
      "requests.cpu": "0",
      "requests.memory": "0",
      "count/replicasets.apps": "0",
    });
    await cluster.api.create(deployment(2, { cpu: "100m", memory: "64Mi" }));
    await cluster.until("all available", available(cluster, 2));
    expect(await used()).toEqual({
      pods: "2",
      "requests.cpu": "200m",
      "requests.memory": "128Mi",
      "count/replicasets.apps": "1",
    });
    await scale(cluster, 0);
    await cluster.until("freed", async () => (await used())?.["pods"] === "0");
    expect((await cluster.get(RESOURCE_QUOTA, "q")).status?.hard).toEqual(hard);
  });

  test("a scope counts matching pods only", async () => {
    const cluster = await startTestCluster();
    const spec = { hard: { pods: "5" }, scopes: ["BestEffort"] };
    await cluster.api.create({ ...RESOURCE_QUOTA, metadata: inDefault("q"), spec });
    const pod = (name: string, resources: object): KubernetesObject => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: inDefault(name),
      spec: { containers: [{ name: "c", image: "i:1", resources }] },
    });
    await cluster.api.create(pod("a", {}));
    await cluster.api.create(pod("b", { requests: { cpu: "1" } }));
    await cluster.advance(1000);
    expect((await cluster.get(RESOURCE_QUOTA, "q")).status?.used).toEqual({ pods: "1" });
  });
});

describe("load balancers", () => {
  const service = (name: string, over: object = {}): KubernetesObject => ({
    ...SERVICE,
    metadata: inDefault(name),
    spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...over },
  });
  const addresses = async (cluster: TestCluster): Promise<Record<string, string | undefined>> => {
    const services = await cluster.list(SERVICE, "default");
    const own = services.filter(({ spec }) => spec?.type === "LoadBalancer");
    return Object.fromEntries(
      own.map(({ metadata, status }) => [metadata.name, status?.loadBalancer?.ingress?.[0]?.ip]),
    );
  };

  test("get addresses from the pool until it is used up, and free them", async () => {
    const cluster = await startTestCluster({
      controllers: { loadBalancerPool: "192.0.2.10-192.0.2.11" },
    });
    await cluster.api.create(service("a", { loadBalancerIP: "192.0.2.11" }));
    await cluster.api.create(service("b"));
    await cluster.api.create(service("c"));
    await cluster.api.create(service("other", { loadBalancerClass: "e.com/lb" }));
    await cluster.advance(1000);
    expect(await addresses(cluster)).toEqual({
      a: "192.0.2.11",
      b: "192.0.2.10",
      c: undefined,
      other: undefined,
    });
    await cluster.api.delete({ ...SERVICE, ...inDefault("b") });
    await cluster.advance(1000);
    expect(await addresses(cluster)).toEqual({
      a: "192.0.2.11",
      c: "192.0.2.10",
      other: undefined,
    });
  });

  test("wait without a pool", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(service("a"));
    await cluster.advance(1000);
    expect(await addresses(cluster)).toEqual({ a: undefined });
  });
});

describe("volumes", () => {
  const storageClass = (over: object): KubernetesObject => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast" },
    provisioner: "ebs.csi.aws.com",
    ...over,
  });
  const claim = (over: object = {}): KubernetesObject => ({
    ...PERSISTENT_VOLUME_CLAIM,
    metadata: inDefault("x"),
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      storageClassName: "fast",
      ...over,
    },
  });
  const phase = (cluster: TestCluster, wanted: string) => async (): Promise<boolean> =>
    (await cluster.get(PERSISTENT_VOLUME_CLAIM, "x")).status?.phase === wanted;
  const reasons = async (cluster: TestCluster): Promise<readonly string[]> => {
    const events = await cluster.list({ apiVersion: "v1", kind: "Event" }, "default");
    return events.map((event) => String(event["reason"])).toSorted();
  };

  test("a claim binds the smallest volume that suits, and releases it", async () => {
    const cluster = await startTestCluster();
    for (const [name, storage] of [
      ["large", "9Gi"],
      ["small", "5Gi"],
    ]) {
      await cluster.api.create({
        ...PERSISTENT_VOLUME,
        metadata: { name: name ?? "" },
        spec: {
          storageClassName: "fast",
          capacity: { storage },
          accessModes: ["ReadWriteOnce"],
          hostPath: { path: "/x" },
        },
      });
    }
    await cluster.advance(1000);
    await cluster.api.create(claim());
    await cluster.until("bound", phase(cluster, "Bound"));
    const bound = await cluster.get(PERSISTENT_VOLUME_CLAIM, "x");
    expect(bound.spec.volumeName).toBe("small");
    expect(bound.status).toEqual({
      phase: "Bound",
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "5Gi" },
    });
    expect(bound.metadata.annotations).toEqual({
      "pv.kubernetes.io/bind-completed": "yes",
      "pv.kubernetes.io/bound-by-controller": "yes",
    });
    const volumePhase = async () => (await cluster.get(PERSISTENT_VOLUME, "small")).status?.phase;
    expect(await volumePhase()).toBe("Bound");
    await cluster.api.delete({ ...PERSISTENT_VOLUME_CLAIM, ...inDefault("x") });
    await cluster.until("released", async () => (await volumePhase()) === "Released");
  });

  test("a volume is provisioned in the zone of the first consumer and goes with its claim", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(storageClass({ volumeBindingMode: "WaitForFirstConsumer" }));
    await cluster.api.create(claim());
    await cluster.advance(10_000);
    expect(await reasons(cluster)).toEqual(["WaitForFirstConsumer"]);
    await cluster.api.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: inDefault("p"),
      spec: {
        containers: [{ name: "c", image: "i:1" }],
        nodeSelector: { "topology.kubernetes.io/zone": "b" },
        volumes: [{ name: "v", persistentVolumeClaim: { claimName: "x" } }],
      },
    });
    await cluster.until(
      "running",
      async () => (await cluster.get(POD, "p")).status?.phase === "Running",
    );
    const [volume] = await cluster.list(PERSISTENT_VOLUME);
    expect(volume?.metadata.annotations).toMatchObject({ "keelson.dev/agent": "simulated" });
    expect(volume?.spec.nodeAffinity?.required?.nodeSelectorTerms).toEqual([
      { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["b"] }] },
    ]);
    await cluster.api.delete({ ...POD, ...inDefault("p") });
    await cluster.api.delete({ ...PERSISTENT_VOLUME_CLAIM, ...inDefault("x") });
    await cluster.until(
      "volume gone",
      async () => (await cluster.list(PERSISTENT_VOLUME)).length === 0,
    );
  });

  test("an unknown driver leaves the claim waiting, and the pod says so", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(storageClass({ provisioner: "e.com/x" }));
    await cluster.api.create(claim());
    await cluster.advance(60_000);
    expect(await phase(cluster, "Pending")()).toBe(true);
    expect(await reasons(cluster)).toEqual(["ExternalProvisioning"]);
    const { annotations } = (await cluster.get(PERSISTENT_VOLUME_CLAIM, "x")).metadata;
    expect(annotations).toEqual({
      "volume.beta.kubernetes.io/storage-provisioner": "e.com/x",
      "volume.kubernetes.io/storage-provisioner": "e.com/x",
    });
  });

  test("a StatefulSet has one claim for every pod, which outlive it", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(storageClass({ volumeBindingMode: "WaitForFirstConsumer" }));
    await cluster.api.create({
      ...STATEFUL_SET,
      metadata: inDefault("s"),
      spec: {
        replicas: 2,
        serviceName: "s",
        selector: { matchLabels: { app: "s" } },
        template: {
          metadata: { labels: { app: "s" } },
          spec: {
            containers: [
              { name: "c", image: "i:1", volumeMounts: [{ name: "data", mountPath: "/d" }] },
            ],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: "fast",
              resources: { requests: { storage: "1Gi" } },
            },
          },
        ],
      },
    });
    await cluster.until(
      "two ready",
      async () => (await cluster.get(STATEFUL_SET, "s")).status?.readyReplicas === 2,
    );
    const names = async () =>
      (await cluster.list(PERSISTENT_VOLUME_CLAIM, "default")).map(({ metadata }) => metadata.name);
    expect(await names()).toEqual(["data-s-0", "data-s-1"]);
    await cluster.api.delete({ ...STATEFUL_SET, ...inDefault("s") });
    await cluster.until("no pods", async () => (await cluster.list(POD, "default")).length === 0);
    expect(await names()).toEqual(["data-s-0", "data-s-1"]);
    expect(cluster.errors).toEqual([]);
  });
});
