// Node pools that grow for pods that wait and shrink when nobody needs them, in virtual time; and who may scale nodes where.

import { beforeAll, describe, expect, it } from "vitest";

import {
  aks,
  aws,
  azure,
  clusterAutoscaler,
  digitalocean,
  doks,
  eks,
  gcp,
  gke,
  karpenter,
  k3d,
} from "../../src/components/index.ts";
import { behaviour } from "../../src/components/node-scaling/cluster-autoscaler/behaviour.ts";
import { findings, planEnvironment } from "../../src/components/testing/plan.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { shop } from "./definitions.ts";
import {
  bootSmall,
  compileSmall,
  MINUTE_MS,
  podsOf,
  type Platform,
  type SmallPlatform,
} from "./small-platform.ts";

const POOL = { min: 3, max: 5 };
const on = (cluster: object, site: object, more: object = {}): Platform =>
  ({ ...shop, sites: { hall: site }, clusters: { main: cluster }, ...more }) as Platform;
const IN = { site: "hall", kubernetes: "1.35" };
const onDoks = (more: object = {}): Platform =>
  on(
    doks({ ...IN, nodes: { ...POOL, size: "s-2vcpu-4gb" } }),
    digitalocean({ region: "nyc3", network: "10.100.0.0/16" }),
    more,
  );
const onEks = (more: object = {}): Platform =>
  on(
    eks({ ...IN, nodes: { ...POOL, size: "m6i.large" } }),
    aws({ region: "eu-central-1", network: "10.100.0.0/16" }),
    more,
  );

describe("a pool of three to five", () => {
  let platform: SmallPlatform;
  const names = async (): Promise<string[]> =>
    (await platform.api.list({ apiVersion: "v1", kind: "Node" })).items
      .map(({ metadata }) => metadata.name.replace("main-workers-", ""))
      .toSorted();
  const waiting = async (): Promise<number> =>
    (await podsOf(platform.api)).filter(({ spec }) => spec.nodeName === undefined).length;
  const scale = (replicas: number): Promise<unknown> =>
    platform.api.patch(
      { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name: "mill" },
      { type: "merge", body: { spec: { replicas } } },
    );
  const events = async (reason: string): Promise<readonly unknown[]> =>
    (await platform.api.list({ apiVersion: "v1", kind: "Event" })).items
      .filter((event) => event["reason"] === reason)
      .map(({ message }) => message);

  beforeAll(async () => {
    platform = await bootSmall(compileSmall(onDoks(), "prod"), {
      kinds: ["PriorityClass"],
      behaviours: [behaviour],
    });
    for (const object of MILL) await platform.api.create(object);
    await platform.advance(MINUTE_MS);
  });

  it("stays as it is while everything fits", async () => {
    expect(await names()).toEqual(["0", "1", "2"]);
    expect(await waiting()).toBe(0);
  });

  it("grows by as many as waiting pods need, once they are made", async () => {
    await scale(4);
    await platform.advance(MINUTE_MS);
    expect([await names(), await waiting()]).toEqual([["0", "1", "2"], 1]);
    await platform.advance(4 * MINUTE_MS);
    expect([await names(), await waiting()]).toEqual([["0", "1", "2", "3"], 0]);
    expect(await events("TriggeredScaleUp")).toEqual([
      "pod triggered scale-up: [{workers 3->4 (max: 5)}]",
    ]);
  });

  it("stops at its bound, and says which pods it cannot help", async () => {
    await scale(7);
    await platform.advance(6 * MINUTE_MS);
    expect([await names(), await waiting()]).toEqual([["0", "1", "2", "3", "4"], 2]);
    expect(new Set(await events("NotTriggerScaleUp"))).toEqual(
      new Set(["pod didn't trigger scale-up: 1 max node group size reached"]),
    );
  });

  it("drains what is hardly used for ten minutes, down to its floor, and not before", async () => {
    await scale(1);
    await platform.advance(8 * MINUTE_MS);
    expect((await names()).length).toBe(5);
    await platform.advance(30 * MINUTE_MS);
    expect((await names()).length).toBe(3);
    expect((await podsOf(platform.api, "mill")).length).toBe(1);
    const said = (text: string): Promise<number> =>
      events("ScaleDown").then((all) => all.filter((one) => one === text).length);
    expect([
      await said("marked the node as toBeDeleted/unschedulable"),
      await said("nodes removed by cluster autoscaler"),
    ]).toEqual([2, 2]);
  });
});

/** Two cores a node, one and a half a pod. */
const MILL: readonly KubernetesObject[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "mill", namespace: "default" },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: "mill" } },
      template: {
        metadata: { labels: { app: "mill", "app.kubernetes.io/name": "mill" } },
        spec: {
          containers: [{ name: "c", image: "i:1", resources: { requests: { cpu: "1500m" } } }],
        },
      },
    },
  },
];

describe("who scales nodes", () => {
  const gcpSite = gcp({ region: "europe-west3", network: "10.100.0.0/16" });
  const azureSite = azure({ region: "westeurope", network: "10.100.0.0/16" });
  it.each([
    {
      name: "DOKS: the provider, unasked",
      definition: onDoks(),
      filler: "cluster-autoscaler",
      charts: 0,
    },
    {
      name: "GKE: the provider",
      definition: on(gke({ ...IN, nodes: { ...POOL, size: "e2-standard-2" } }), gcpSite),
      filler: "cluster-autoscaler",
      charts: 0,
    },
    {
      name: "AKS: the provider",
      definition: on(aks({ ...IN, nodes: { ...POOL, size: "Standard_D4s_v5" } }), azureSite),
      filler: "cluster-autoscaler",
      charts: 0,
    },
    { name: "EKS: nobody, unless asked", definition: onEks(), filler: undefined, charts: 0 },
    {
      name: "EKS: the chart",
      definition: onEks({ nodeScaling: clusterAutoscaler() }),
      filler: "cluster-autoscaler",
      charts: 1,
    },
    {
      name: "EKS: Karpenter",
      definition: onEks({ nodeScaling: karpenter() }),
      filler: "karpenter",
      charts: 1,
    },
  ])("$name", ({ definition, filler, charts }) => {
    const target = compileSmall(definition, "prod");
    const chosen = target.cluster.slots.find(({ slot }) => slot === "nodeScaling");
    expect(chosen?.component).toBe(filler);
    expect(target.charts.filter(({ origin }) => origin.component === filler)).toHaveLength(charts);
  });

  it.each([
    { name: "Karpenter on DOKS (T-19)", definition: onDoks({ nodeScaling: karpenter() }) },
    { name: "on machines", definition: { ...shop, nodeScaling: clusterAutoscaler() } },
    {
      name: "on a laptop",
      definition: on(
        k3d({ site: "hall" }),
        { kind: "developer-machine" },
        { nodeScaling: clusterAutoscaler() },
      ),
    },
  ])("is refused: $name", ({ definition }) => {
    expect(findings(definition, "prod").map(({ code }) => code)).toContain(
      "node-scaling/no-provider",
    );
  });

  it("a pool of a fixed size needs nobody", () => {
    const fixed = on(
      doks({ ...IN, nodes: { min: 3, max: 3, size: "s-2vcpu-4gb" } }),
      digitalocean({ region: "nyc3", network: "10.100.0.0/16" }),
    );
    const { cluster } = planEnvironment(fixed, "prod");
    expect(cluster.slots.filter(({ slot }) => slot === "nodeScaling")).toEqual([]);
  });

  it("the chart finds its pools by the cluster's name, and pods with scratch space may move", () => {
    const { charts, objects } = compileSmall(onEks({ nodeScaling: clusterAutoscaler() }), "prod");
    expect(charts.find(({ name }) => name === "cluster-autoscaler")?.values).toMatchObject({
      cloudProvider: "aws",
      awsRegion: "eu-central-1",
      autoDiscovery: { clusterName: "shop-main" },
      image: { tag: "v1.35.2" },
    });
    const web = objects.find(({ object }) => object.kind === "Deployment")?.object;
    expect(web).toMatchObject({
      spec: {
        template: {
          metadata: {
            annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "tmp" },
          },
        },
      },
    });
  });
});
