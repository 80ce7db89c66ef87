import { describe, expect, test } from "vitest";
import { isNotFound, NODE, POD, podCondition } from "../../kubernetes/index.ts";
import type { KubernetesObject, ObjectRef, Pod } from "../../kubernetes/index.ts";
import { CONFIG_MAP, NAMESPACE, SERVICE_ACCOUNT } from "./namespace-kinds.ts";
import { ENDPOINT_SLICE, ENDPOINTS } from "./service-kinds.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";
import { DEPLOYMENT } from "./workload-kinds.ts";

const configMap = (
  name: string,
  over: Partial<KubernetesObject["metadata"]> = {},
): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default", ...over },
  data: {},
});
const owner = ({ metadata }: KubernetesObject, block = false) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name: metadata.name,
  uid: metadata.uid ?? "",
  ...(block ? { blockOwnerDeletion: true } : {}),
});
const ref = (name: string, kind = "ConfigMap", apiVersion = "v1"): ObjectRef => ({
  apiVersion,
  kind,
  name,
  namespace: "default",
});
const gone = (cluster: TestCluster, target: ObjectRef) => async (): Promise<boolean> => {
  try {
    await cluster.api.get(target);
    return false;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
};

const deployment = (name: string, replicas = 2, over: object = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [{ name: "c", image: "i:1", ports: [{ name: "http", containerPort: 8080 }] }],
        ...over,
      },
    },
  },
});
const available =
  (cluster: TestCluster, name: string, count: number) => async (): Promise<boolean> =>
    (await cluster.get(DEPLOYMENT, name)).status?.availableReplicas === count;

describe("garbage collector", () => {
  test("background: a dependent disappears after its owner", async () => {
    const cluster = await startTestCluster();
    const parent = await cluster.api.create(configMap("owner"));
    await cluster.api.create(configMap("child", { ownerReferences: [owner(parent)] }));
    await cluster.api.delete(ref("owner"), { propagationPolicy: "Background" });
    await cluster.until("child gone", gone(cluster, ref("child")));
  });

  test("foreground: the owner stays until its blocking dependents are gone", async () => {
    const cluster = await startTestCluster();
    const parent = await cluster.api.create(configMap("owner"));
    await cluster.api.create(
      configMap("child", { ownerReferences: [owner(parent, true)], finalizers: ["e.com/hold"] }),
    );
    await cluster.api.delete(ref("owner"), { propagationPolicy: "Foreground" });
    await cluster.until("child terminating", async () => {
      const child = await cluster.get(CONFIG_MAP, "child");
      return child.metadata.deletionTimestamp !== undefined;
    });
    await cluster.advance(5000);
    expect((await cluster.get(CONFIG_MAP, "owner")).metadata.finalizers).toEqual([
      "foregroundDeletion",
    ]);
    await cluster.api.patch(ref("child"), {
      type: "merge",
      body: { metadata: { finalizers: null } },
    });
    await cluster.until("owner gone", gone(cluster, ref("owner")));
  });

  test("orphan: dependents stay and lose the reference", async () => {
    const cluster = await startTestCluster();
    const parent = await cluster.api.create(configMap("owner"));
    await cluster.api.create(configMap("child", { ownerReferences: [owner(parent)] }));
    await cluster.api.delete(ref("owner"), { propagationPolicy: "Orphan" });
    await cluster.until("owner gone", gone(cluster, ref("owner")));
    await cluster.advance(5000);
    expect((await cluster.get(CONFIG_MAP, "child")).metadata.ownerReferences).toBeUndefined();
  });

  test("two owners: only the dead reference goes", async () => {
    const cluster = await startTestCluster();
    const [first, second] = [
      await cluster.api.create(configMap("o1")),
      await cluster.api.create(configMap("o2")),
    ];
    await cluster.api.create(
      configMap("child", { ownerReferences: [owner(first), owner(second)] }),
    );
    await cluster.api.delete(ref("o1"));
    await cluster.until("one owner left", async () => {
      const child = await cluster.get(CONFIG_MAP, "child");
      return child.metadata.ownerReferences?.length === 1;
    });
    expect((await cluster.get(CONFIG_MAP, "child")).metadata.ownerReferences).toEqual([
      owner(second),
    ]);
  });

  test("an object created with an owner that never was is collected", async () => {
    const cluster = await startTestCluster();
    const absent = { apiVersion: "v1", kind: "ConfigMap", name: "absent", uid: "0-0" };
    await cluster.api.create(configMap("child", { ownerReferences: [absent] }));
    await cluster.until("child gone", gone(cluster, ref("child")));
  });
});

describe("namespaces", () => {
  test("get a service account and the root certificate, and get them back", async () => {
    const cluster = await startTestCluster({ controllers: { rootCa: "PEM" } });
    await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    const complete = async (): Promise<boolean> => {
      const accounts = await cluster.list(SERVICE_ACCOUNT, "shop");
      const maps = await cluster.list(CONFIG_MAP, "shop");
      return accounts[0]?.metadata.name === "default" && maps[0]?.data?.["ca.crt"] === "PEM";
    };
    await cluster.until("complete", complete);
    await cluster.api.delete({ ...SERVICE_ACCOUNT, name: "default", namespace: "shop" });
    await cluster.api.delete({ ...CONFIG_MAP, name: "kube-root-ca.crt", namespace: "shop" });
    await cluster.until("complete again", complete);
  });

  test("are emptied before they go, and say what they wait for", async () => {
    const cluster = await startTestCluster({ controllers: { rootCa: "PEM" } });
    await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    const inShop = (object: KubernetesObject): KubernetesObject => ({
      ...object,
      metadata: { ...object.metadata, namespace: "shop" },
    });
    await cluster.api.create(inShop(deployment("web", 3)));
    await cluster.api.create(inShop(configMap("held", { finalizers: ["e.com/hold"] })));
    await cluster.until("running", async () => (await cluster.list(POD, "shop")).length === 3);
    const namespace = { apiVersion: "v1", kind: "Namespace", name: "shop" };
    await cluster.api.delete(namespace);
    await cluster.until("waits for the finalizer", async () => {
      const { status } = await cluster.get(NAMESPACE, "shop");
      return status?.conditions?.some(({ reason }) => reason === "SomeFinalizersRemain") ?? false;
    });
    expect(await cluster.list(POD, "shop")).toEqual([]);
    await cluster.api.patch(
      { ...ref("held"), namespace: "shop" },
      { type: "merge", body: { metadata: { finalizers: null } } },
    );
    await cluster.until("gone", gone(cluster, namespace));
  });
});

describe("endpoints", () => {
  const service: KubernetesObject = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "v", namespace: "default" },
    spec: { selector: { app: "d" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  };
  const states = async (cluster: TestCluster): Promise<readonly string[]> => {
    const slices = await cluster.list(ENDPOINT_SLICE, "default");
    return slices
      .filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "v")
      .flatMap(({ endpoints }) => endpoints ?? [])
      .map(({ conditions }) =>
        conditions?.terminating ? "terminating" : conditions?.ready ? "ready" : "not ready",
      );
  };

  test("follow readiness and termination", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(service);
    await cluster.api.create(deployment("d"));
    const seen = new Set<string>();
    await cluster.until("both ready", async () => {
      const now = await states(cluster);
      for (const state of now) seen.add(state);
      return now.length === 2 && now.every((state) => state === "ready");
    });
    const [slice] = await cluster.list(ENDPOINT_SLICE, "default");
    expect(slice).toMatchObject({
      addressType: "IPv4",
      ports: [{ name: "http", protocol: "TCP", port: 8080 }],
    });
    const old = await cluster.get(ENDPOINTS, "v");
    expect(old.subsets?.[0]?.addresses).toHaveLength(2);
    const [pod] = await cluster.list(POD, "default");
    await cluster.api.delete(ref(pod?.metadata.name ?? "", "Pod"));
    await cluster.until("one terminating", async () =>
      (await states(cluster)).includes("terminating"),
    );
    await cluster.until("two ready", async () => {
      const now = await states(cluster);
      return now.length === 2 && now.every((state) => state === "ready");
    });
  });

  test("a service that selects nothing has an empty slice, and everything goes with it", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(service);
    await cluster.until(
      "a slice",
      async () => (await cluster.list(ENDPOINT_SLICE, "default")).length === 1,
    );
    const [slice] = await cluster.list(ENDPOINT_SLICE, "default");
    expect([slice?.endpoints ?? [], slice?.ports ?? []]).toEqual([[], []]);
    await cluster.api.delete(ref("v", "Service"));
    await cluster.until("gone", async () => {
      const slices = await cluster.list(ENDPOINT_SLICE, "default");
      return slices.length === 0 && (await gone(cluster, ref("v", "Endpoints"))());
    });
  });

  test("more than a hundred endpoints fill several slices", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(service);
    await cluster.api.create(deployment("d", 150));
    await cluster.until("all ready", available(cluster, "d", 150));
    await cluster.advance(1000);
    const slices = await cluster.list(ENDPOINT_SLICE, "default");
    const sizes = slices.map(({ endpoints }) => endpoints?.length ?? 0);
    expect(Math.max(...sizes)).toBe(100);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(150);
  });
});

describe("scheduler", () => {
  const unscheduled = async (cluster: TestCluster, name: string): Promise<string | undefined> => {
    const pod: Pod = await cluster.get(POD, name);
    const condition = podCondition(pod, "PodScheduled");
    return condition?.status === "False" ? condition.message : undefined;
  };
  const pod = (name: string, spec: object): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "c", image: "i:1" }], ...spec },
  });
  const asks = (cpu: string) => ({
    containers: [{ name: "c", image: "i:1", resources: { requests: { cpu } } }],
  });

  test("says why a pod fits nowhere, and tries again when a node comes that fits", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(pod("p", asks("6")));
    await cluster.until(
      "unschedulable",
      async () => (await unscheduled(cluster, "p")) !== undefined,
    );
    const message =
      "0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
    expect(await unscheduled(cluster, "p")).toBe(message);
    const events = await cluster.list({ apiVersion: "v1", kind: "Event" }, "default");
    expect(events.map((event) => [event["reason"], event["type"], event["message"]])).toEqual([
      ["FailedScheduling", "Warning", message],
    ]);
    const status = { allocatable: { cpu: "8", memory: "16Gi", pods: "110" } };
    await cluster.api.patch(
      { ...NODE, name: "node-1" },
      { type: "merge", body: { status } },
      { subresource: "status" },
    );
    await cluster.until(
      "running",
      async () => (await cluster.get(POD, "p")).status?.phase === "Running",
    );
    expect((await cluster.get(POD, "p")).spec.nodeName).toBe("node-1");
  });

  test("a freed place goes to the pod with the higher priority", async () => {
    const cluster = await startTestCluster({ nodes: { count: 1 } });
    for (const [name, value] of Object.entries({ low: 1, high: 10 })) {
      const priorityClass = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" };
      await cluster.api.create({ ...priorityClass, metadata: { name }, value });
    }
    await cluster.api.create(pod("first", asks("4")));
    await cluster.until(
      "running",
      async () => (await cluster.get(POD, "first")).status?.phase === "Running",
    );
    await cluster.api.create(
      pod("low", { ...asks("4"), priorityClassName: "low", preemptionPolicy: "Never" }),
    );
    await cluster.api.create(
      pod("high", { ...asks("4"), priorityClassName: "high", preemptionPolicy: "Never" }),
    );
    await cluster.advance(15_000);
    await cluster.api.delete(ref("first", "Pod"));
    await cluster.advance(30_000);
    expect((await cluster.get(POD, "high")).status?.phase).toBe("Running");
    expect(await unscheduled(cluster, "low")).toContain("Insufficient cpu");
  });

  test("spreads the pods of one owner over zones and nodes", async () => {
    const cluster = await startTestCluster({ nodes: { count: 6 } });
    await cluster.api.create(deployment("d", 6));
    await cluster.until("all ready", available(cluster, "d", 6));
    const pods = await cluster.list(POD, "default");
    expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(6);
  });

  test("a pod with a gate waits for the gate", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(pod("p", { schedulingGates: [{ name: "e.com/gate" }] }));
    await cluster.advance(5000);
    expect((await cluster.get(POD, "p")).spec.nodeName).toBeUndefined();
    await cluster.api.patch(ref("p", "Pod"), {
      type: "merge",
      body: { spec: { schedulingGates: null } },
    });
    await cluster.until(
      "running",
      async () => (await cluster.get(POD, "p")).status?.phase === "Running",
    );
  });
});

describe("simulated nodes", () => {
  const withSecret = (source: object): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default" },
    spec: { containers: [{ name: "c", image: "i:1", ...source }] },
  });
  const secret: KubernetesObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", namespace: "default" },
    data: { k: "dg==" },
  };
  const running = (cluster: TestCluster) => async (): Promise<boolean> =>
    (await cluster.get(POD, "p")).status?.phase === "Running";

  test("mark what they run, and give every pod an address of its node's range", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(withSecret({}));
    await cluster.until("running", running(cluster));
    const pod = await cluster.get(POD, "p");
    const node = await cluster.get(NODE, pod.spec.nodeName ?? "");
    expect(pod.metadata.annotations).toMatchObject({ "keelson.dev/agent": "simulated" });
    expect(node.metadata.labels).toMatchObject({ "keelson.dev/agent": "simulated" });
    const prefix = node.spec?.podCIDR?.replace(/\d+\/24$/, "") ?? "";
    expect(pod.status?.podIP?.startsWith(prefix)).toBe(true);
    expect(pod.status?.hostIP).toMatch(/^192\.168\./);
  });

  test("a container waits for the Secret its environment needs", async () => {
    const cluster = await startTestCluster();
    const env = [{ name: "K", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }];
    await cluster.api.create(withSecret({ env }));
    await cluster.advance(30_000);
    const { status } = await cluster.get(POD, "p");
    expect(status?.phase).toBe("Pending");
    expect(status?.containerStatuses?.[0]?.state?.waiting).toEqual({
      reason: "CreateContainerConfigError",
      message: 'secret "s" not found',
    });
    await cluster.api.create({ ...secret, data: { other: "dg==" } });
    await cluster.advance(5000);
    const waiting = (await cluster.get(POD, "p")).status?.containerStatuses?.[0]?.state?.waiting;
    expect(waiting?.message).toBe("couldn't find key k in Secret default/s");
    await cluster.api.patch(ref("s", "Secret"), { type: "merge", body: { data: { k: "dg==" } } });
    await cluster.until("running", running(cluster));
  });

  test("an image that cannot be pulled holds the pod until that changes", async () => {
    const cluster = await startTestCluster();
    const pod = withSecret({});
    const annotations = { "simulation.keelson.dev/pull": "fail" };
    await cluster.api.create({ ...pod, metadata: { ...pod.metadata, annotations } });
    await cluster.advance(60_000);
    const waiting = (await cluster.get(POD, "p")).status?.containerStatuses?.[0]?.state?.waiting;
    expect(waiting).toEqual({
      reason: "ImagePullBackOff",
      message: 'Back-off pulling image "i:1": ErrImagePull: simulated: the image cannot be pulled',
    });
    const body = { metadata: { annotations: { "simulation.keelson.dev/pull": null } } };
    await cluster.api.patch(ref("p", "Pod"), { type: "merge", body });
    await cluster.until("running", running(cluster));
  });

  test("init containers run first", async () => {
    const cluster = await startTestCluster();
    const pod = withSecret({});
    const spec = {
      containers: [{ name: "c", image: "i:1" }],
      initContainers: [{ name: "init", image: "i:1" }],
    };
    await cluster.api.create({ ...pod, spec });
    const phases: string[] = [];
    await cluster.until("running", async () => {
      const { status } = await cluster.get(POD, "p");
      const reason = status?.containerStatuses?.[0]?.state?.waiting?.reason;
      if (reason !== undefined && phases.at(-1) !== reason) phases.push(reason);
      return status?.phase === "Running";
    });
    expect(phases).toEqual(["PodInitializing"]);
    const { status } = await cluster.get(POD, "p");
    expect(status?.initContainerStatuses?.[0]?.state?.terminated?.reason).toBe("Completed");
  });

  test("a container that keeps crashing backs off", async () => {
    const cluster = await startTestCluster();
    const pod = withSecret({});
    const annotations = {
      "simulation.keelson.dev/duration": "5s",
      "simulation.keelson.dev/exit-code": "1",
    };
    await cluster.api.create({ ...pod, metadata: { ...pod.metadata, annotations } });
    await cluster.until("third restart", async () => {
      const { status } = await cluster.get(POD, "p");
      return (status?.containerStatuses?.[0]?.restartCount ?? 0) >= 3;
    });
    await cluster.until("backing off", async () => {
      const { status } = await cluster.get(POD, "p");
      return status?.containerStatuses?.[0]?.state?.waiting?.reason === "CrashLoopBackOff";
    });
    const { status } = await cluster.get(POD, "p");
    expect(status?.containerStatuses?.[0]?.state?.waiting?.message).toContain(
      "back-off 40s restarting",
    );
  });
});
