// What the injectors of both meshes put into pods of a real embedded cluster under virtual time: who gets a proxy, who does not,
// that a Job with one completes, and that quotas count it.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  createAuthority,
  createEmbeddedCluster,
  issueCertificate,
  type EmbeddedCluster,
} from "../../src/cluster/index.ts";
import { certManager, istio, linkerd, registry } from "../../src/components/index.ts";
import { meshed, type Platform } from "../../src/components/testing/definitions.ts";
import { planEnvironment } from "../../src/components/testing/plan.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  runControllers,
  StatusError,
  type KubernetesObject,
  type Pod,
} from "../../src/kubernetes/index.ts";
import type { AnySlotFiller, BehaviourContext } from "../../src/model/index.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Adapter {
  readonly name: string;
  readonly mesh: ReturnType<typeof istio> | ReturnType<typeof linkerd>;
  readonly proxy: string;
  readonly validator: string;
  /** Of a namespace that asks for proxies. */
  readonly asks: Partial<KubernetesObject["metadata"]>;
  /** Of a pod that asks for none, for one all the same, and for one that is no init container. */
  readonly refuses: Partial<KubernetesObject["metadata"]>;
  readonly insists: Partial<KubernetesObject["metadata"]>;
  readonly classic: Partial<KubernetesObject["metadata"]>;
}

const ADAPTERS: readonly Adapter[] = [
  {
    name: "Istio",
    mesh: istio(),
    proxy: "istio-proxy",
    validator: "istio-validation",
    asks: { labels: { "istio.io/rev": "default" } },
    refuses: { labels: { "sidecar.istio.io/inject": "false" } },
    insists: { labels: { "sidecar.istio.io/inject": "true" } },
    classic: { annotations: { "sidecar.istio.io/nativeSidecar": "false" } },
  },
  {
    name: "Linkerd",
    mesh: linkerd(),
    proxy: "linkerd-proxy",
    validator: "linkerd-network-validator",
    asks: { annotations: { "linkerd.io/inject": "enabled" } },
    refuses: { annotations: { "linkerd.io/inject": "disabled" } },
    insists: { annotations: { "linkerd.io/inject": "enabled" } },
    classic: { annotations: { "config.linkerd.io/proxy-enable-native-sidecar": "false" } },
  },
];

const platformWith = (mesh: Adapter["mesh"]): Platform => ({
  ...meshed(mesh),
  certificates: certManager(),
});

const container = { name: "main", image: "app:1", ...resources("100m", "64Mi", "200m", "128Mi") };

function resources(cpu: string, memory: string, cpuLimit: string, memoryLimit: string): Fields {
  return {
    resources: { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } },
  };
}

describe.each(ADAPTERS)("injection of $name", (adapter) => {
  let clock: VirtualClock;
  let cluster: EmbeddedCluster;
  let mesh: Acting;

  const namespace = (name: string, metadata: Partial<KubernetesObject["metadata"]> = {}) =>
    cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name, ...metadata } });
  const pod = async (
    name: string,
    given: {
      readonly namespace?: string;
      readonly metadata?: Partial<KubernetesObject["metadata"]>;
      readonly spec?: Fields;
    } = {},
  ): Promise<Pod> => {
    const { namespace: place = "inside", metadata = {}, spec = {} } = given;
    const made = await cluster.api.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: place, ...metadata },
      spec: { containers: [container], ...spec },
    });
    return made as Pod;
  };
  const job = (name: string, metadata: Partial<KubernetesObject["metadata"]> = {}) =>
    cluster.api.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace: "inside" },
      spec: {
        template: {
          metadata: {
            ...metadata,
            annotations: { ...metadata.annotations, "simulation.keelson.dev/duration": "20s" },
          },
          spec: { restartPolicy: "Never", containers: [container] },
        },
      },
    });
  const succeeded = async (name: string): Promise<unknown> => {
    const found = await cluster.api.get({
      apiVersion: "batch/v1",
      kind: "Job",
      name,
      namespace: "inside",
    });
    return (found["status"] as Fields | undefined)?.["succeeded"];
  };

  beforeAll(async () => {
    clock = createVirtualClock(Date.UTC(2026, 0, 1));
    cluster = createEmbeddedCluster({
      name: "test",
      clock,
      rng: createRng("test"),
      nodes: [{ count: 1 }],
    });
    await cluster.start();
    mesh = await act(adapter, cluster, clock);
    await namespace("inside", adapter.asks);
    await namespace("outside");
    await clock.advanceBy(5_000);
  });
  afterAll(() => mesh.stop());

  it.each([
    { name: "of a namespace that asks", given: {}, has: true },
    { name: "of a namespace that does not", given: { namespace: "outside" }, has: false },
    { name: "that asks for none itself", given: { metadata: adapter.refuses }, has: false },
    {
      name: "that asks where its namespace does not",
      given: { namespace: "outside", metadata: adapter.insists },
      has: true,
    },
    {
      name: "of the cluster's own namespace",
      given: { namespace: "kube-system", metadata: adapter.insists },
      has: false,
    },
    { name: "on the node's network", given: { spec: { hostNetwork: true } }, has: false },
    {
      name: "that has a proxy already",
      given: { spec: { containers: [container, { ...container, name: "istio-proxy" }] } },
      has: false,
    },
  ])("a pod $name", async ({ name, given, has }) => {
    const made = await pod(`pod-${name.replaceAll(/\W/g, "-")}`, given);
    const names = (made.spec.initContainers ?? []).map((one) => one.name);
    expect(names).toEqual(has ? [adapter.validator, adapter.proxy] : []);
  });

  it("is a proxy as the control plane was told, said to be simulated", async () => {
    const planned = planEnvironment(platformWith(adapter.mesh), "dev");
    const pricing = planned.graph.workload("pricing", "pricing");
    const made = await pod("as-planned");
    const proxy = made.spec.initContainers?.find((one) => one.name === adapter.proxy);
    expect(pricing?.injected).toEqual([
      { name: adapter.proxy, image: proxy?.image, ...proxy?.resources },
    ]);
    expect(proxy?.restartPolicy).toBe("Always");
    expect(made.metadata.annotations?.["keelson.dev/simulated-sidecar"]).toBe(
      `${adapter.validator},${adapter.proxy}`,
    );
  });

  it("lets a pod become ready with everything in it, and a Job complete", async () => {
    await pod("ready");
    await job("native");
    await job("bare", adapter.refuses);
    await clock.advanceBy(120_000);
    const running = (await cluster.api.get({
      apiVersion: "v1",
      kind: "Pod",
      name: "ready",
      namespace: "inside",
    })) as Pod;
    expect(running.status?.phase).toBe("Running");
    expect(running.status?.initContainerStatuses?.map(({ ready }) => ready)).toEqual([true, true]);
    expect(await succeeded("native")).toBe(1);
    expect(await succeeded("bare")).toBe(1);
  });

  it("stands among the others only where a pod asks for that", async () => {
    const made = await pod("classic", { metadata: adapter.classic });
    const names = made.spec.containers.map((one) => one.name);
    expect(names.toSorted()).toEqual([adapter.proxy, "main"].toSorted());
    expect(made.spec.initContainers?.map((one) => one.name)).toEqual([adapter.validator]);
  });

  it("keeps a pod that asks waiting while nobody can put a proxy in", async () => {
    const back = mesh.leave();
    await expect(pod("waits")).rejects.toThrow(/failed calling webhook .*no endpoints available/);
    await expect(pod("goes-on", { namespace: "outside" })).resolves.toBeDefined();
    back();
    await expect(pod("waits")).resolves.toBeDefined();
  });

  it("is counted by quotas", async () => {
    await namespace("counted", adapter.asks);
    await clock.advanceBy(5_000);
    const quota = (cpu: string) => ({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "quota", namespace: "counted" },
      spec: { hard: { "requests.cpu": cpu } },
    });
    await cluster.api.create(quota("149m"));
    await clock.advanceBy(5_000);
    const refused = await pod("first", { namespace: "counted" }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StatusError);
    expect(String(refused)).toContain("requested: requests.cpu=150m");
    await cluster.api.patch(
      { apiVersion: "v1", kind: "ResourceQuota", name: "quota", namespace: "counted" },
      { type: "merge", body: quota("150m") },
    );
    await clock.advanceBy(5_000);
    await pod("second", { namespace: "counted" });
  });
});

it("gives pods of ambient namespaces no proxy of their own", async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const cluster = createEmbeddedCluster({
    name: "test",
    clock,
    rng: createRng("test"),
    nodes: [],
  });
  await cluster.start();
  const { stop } = await act(
    { ...(ADAPTERS[0] as Adapter), mesh: istio({ mode: "ambient" }) },
    cluster,
    clock,
  );
  const labels = { "istio.io/dataplane-mode": "ambient" };
  await cluster.api.create({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "inside", labels },
  });
  await cluster.api.create({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: "inside" },
  });
  const made = await cluster.api.create({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "bare", namespace: "inside" },
    spec: { containers: [container] },
  });
  expect((made as Pod).spec.initContainers).toBeUndefined();
  stop();
});

function fillerOf(name: string): AnySlotFiller {
  const found = registry.components.find(
    (one) => one.family === "slot" && one.slot === "mesh" && one.name === name,
  );
  if (found?.family !== "slot") throw new Error(`no mesh ${name}`);
  return found;
}

interface Acting {
  stop(): void;
  /** Its control plane is gone, until what this returns is called. */
  leave(): () => void;
}

/** The mesh's own objects as its chart's stand-in has them, and its behaviour. */
async function act(
  { mesh }: Adapter,
  cluster: EmbeddedCluster,
  clock: VirtualClock,
): Promise<Acting> {
  const planned = planEnvironment(platformWith(mesh), "dev");
  const filler = fillerOf(mesh.kind);
  const objects = planned.cluster.standIns.filter(({ component }) => component === mesh.kind);
  for (const { object } of objects) {
    const { namespace = "" } = object.metadata;
    await cluster.api.create({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    });
    await cluster.api.create(object);
  }
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api: cluster.api, clock, rng });
  const context: BehaviourContext = {
    api: cluster.api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
    signing: { createAuthority, issueCertificate },
  };
  const one = await filler.behaviour?.();
  const behaviours = [
    ...(one === undefined ? [] : [one]),
    ...((await filler.behaviours?.()) ?? []),
  ];
  const add = (how: "admission" | "admissionWhileAway") =>
    behaviours
      .flatMap((behaviour) => behaviour[how]?.(context) ?? [])
      .map((plugin) => cluster.context.admission.add(plugin));
  let here = add("admission");
  const factories = behaviours.flatMap(({ controllers }) => controllers?.(context) ?? []);
  const running = runControllers(factories, { api: cluster.api, clock, rng, informers });
  running.start();
  return {
    stop() {
      running.stop();
      cluster.stop();
    },
    leave() {
      for (const plugin of here) plugin.remove();
      const away = add("admissionWhileAway");
      return () => {
        for (const plugin of away) plugin.remove();
        here = add("admission");
      };
    },
  };
}
