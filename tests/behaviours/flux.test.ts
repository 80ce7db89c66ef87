// Flux's behaviour on a real embedded API under the virtual clock: a chart of the repository is installed, its drift is undone,
// and what is deleted takes along what it brought, unless it is suspended.

import { gzipSync } from "node:zlib";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { bootstrap, createCluster, type Cluster } from "../../src/cluster/index.ts";
import { registry } from "../../src/components/index.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource, type MemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import type { AnySlotFiller, BehaviourContext } from "../../src/model/index.ts";

const URL = "https://git.example.com/platform";
const SETTINGS = { apiVersion: "v1", kind: "ConfigMap", name: "settings", namespace: "shop" };
const SOURCE = { kind: "GitRepository", name: "flux-system" } as const;

// The registry holds Flux as a slot filler.
const flux = registry.components.find(({ name }) => name === "flux") as AnySlotFiller;

interface World {
  readonly clock: VirtualClock;
  readonly git: MemorySource;
  readonly cluster: Cluster;
  stop(): void;
}

async function createWorld(): Promise<World> {
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const git = createMemorySource();
  const cluster = createCluster({ name: "flux", clock, rng: createRng("flux") });
  const { api } = cluster;
  await bootstrap(cluster);
  for (const name of ["flux-system", "shop"])
    await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  for (const facts of (await flux.crds?.()) ?? [])
    for (const definition of crdObjects(facts)) await api.create(definition);
  const informers = createInformerSet({ api, clock, rng: createRng("informers") });
  const context: BehaviourContext = {
    api,
    informer: informers.informer,
    clock,
    rng: createRng("behaviour"),
    git,
    charts: { render: () => undefined },
    connect: () => undefined,
  };
  const behaviours = (await flux.behaviours?.()) ?? [];
  const controllers = behaviours.flatMap((one) => one.controllers?.(context) ?? []);
  const running = runControllers(controllers, { api, clock, rng: createRng("run"), informers });
  running.start();
  return { clock, git, cluster, stop: () => running.stop() };
}

const CONFIG_MAP =
  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\ndata: { value: a }\n";
const TREE = new Map([
  ["infra/helm/shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n"],
  ["infra/helm/shop/values.yaml", "{}\n"],
  ["infra/helm/shop/templates/settings.yaml", CONFIG_MAP],
  ["apps/shop/kustomization.yaml", "resources: [settings.yaml]\n"],
  ["apps/shop/settings.yaml", CONFIG_MAP],
]);

const of = (kind: string, apiVersion: string, name: string, spec: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "flux-system" },
  spec: { interval: "1m", ...spec },
});
const repository = of("GitRepository", "source.toolkit.fluxcd.io/v1", "flux-system", {
  url: URL,
  ref: { branch: "main" },
});
const release = of("HelmRelease", "helm.toolkit.fluxcd.io/v2", "shop", {
  targetNamespace: "shop",
  driftDetection: { mode: "enabled" },
  chart: { spec: { chart: "./infra/helm/shop", reconcileStrategy: "Revision", sourceRef: SOURCE } },
});
const folder = of("Kustomization", "kustomize.toolkit.fluxcd.io/v1", "shop", {
  path: "./apps/shop",
  prune: true,
  sourceRef: SOURCE,
});

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.git.push(URL, TREE);
  await world.cluster.api.create(repository);
});
afterEach(() => world.stop());

const settings = async (): Promise<KubernetesObject | undefined> => {
  const { items } = await world.cluster.api.list(SETTINGS, { namespace: "shop" });
  return items.find(({ metadata }) => metadata.name === "settings");
};
const refTo = ({ apiVersion, kind, metadata }: KubernetesObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: "flux-system",
});

/** As `helm history shop` prints it: revision and status. */
async function history(): Promise<string[]> {
  const { items } = await world.cluster.api.list(
    { apiVersion: "v1", kind: "Secret" },
    { namespace: "flux-system", labelSelector: "owner=helm,name=shop" },
  );
  return items.map(({ metadata }) => `${metadata.name} ${metadata.labels?.["status"]}`);
}

describe("a release's history", () => {
  it("remembers an installation, an upgrade and the way back, and is gone with the release", async () => {
    await world.cluster.api.create(release);
    await world.clock.advanceBy(60_000);
    expect(await history()).toEqual(["sh.helm.release.v1.shop.v1 deployed"]);
    const template = "infra/helm/shop/templates/settings.yaml";
    world.git.push(URL, new Map(TREE).set(template, CONFIG_MAP.replace("value: a", "value: b")));
    await world.clock.advanceBy(120_000);
    expect((await settings())?.["data"]).toEqual({ value: "b" });
    world.git.push(URL, TREE);
    await world.clock.advanceBy(120_000);
    expect((await settings())?.["data"]).toEqual({ value: "a" });
    expect(await history()).toEqual([
      "sh.helm.release.v1.shop.v1 superseded",
      "sh.helm.release.v1.shop.v2 superseded",
      "sh.helm.release.v1.shop.v3 deployed",
    ]);
    const { status } = await world.cluster.api.get(refTo(release));
    expect(status).toMatchObject({
      history: [
        { version: 3, status: "deployed", chartName: "shop" },
        { version: 2, status: "superseded" },
        { version: 1, status: "superseded" },
      ],
      conditions: [
        {
          type: "Ready",
          reason: "UpgradeSucceeded",
          message: expect.stringMatching(
            /^Helm upgrade succeeded for release shop\/shop\.v3 with chart shop@main/,
          ),
        },
        { type: "Released" },
      ],
    });
    // What was changed by hand is corrected without a new revision.
    const body = { data: { value: "by hand" } };
    await world.cluster.api.patch(SETTINGS, { type: "merge", body });
    await world.clock.advanceBy(120_000);
    expect((await settings())?.["data"]).toEqual({ value: "a" });
    expect(await history()).toHaveLength(3);
    await world.cluster.api.delete(refTo(release));
    await world.clock.advanceBy(10_000);
    expect(await history()).toEqual([]);
  });

  it("goes on where Helm began", async () => {
    await world.cluster.api.create(byHelm());
    await world.cluster.api.create(release);
    await world.clock.advanceBy(60_000);
    expect(await history()).toEqual([
      "sh.helm.release.v1.shop.v1 superseded",
      "sh.helm.release.v1.shop.v2 deployed",
    ]);
    const { status } = await world.cluster.api.get(refTo(release));
    expect(status).toMatchObject({ history: [{ version: 2 }, { version: 1, chartName: "shop" }] });
  });
});

/** What `helm install` 4.2 leaves, read from an embedded cluster: no `config` without values, and no `deleted`. */
function byHelm(): KubernetesObject {
  const info = {
    first_deployed: "2025-11-27T15:17:02.078370372Z",
    last_deployed: "2025-11-27T15:17:02.078370372Z",
    description: "Install complete",
    status: "deployed",
  };
  const metadata = { name: "shop", version: "0.9.0", apiVersion: "v2" };
  const chart = { metadata, lock: null, templates: [], values: null, schema: null, files: null };
  const manifest = `---\n# Source: shop/templates/settings.yaml\n${CONFIG_MAP}`;
  const rest = { manifest, version: 1, namespace: "shop", apply_method: "ssa" };
  const packed = gzipSync(JSON.stringify({ name: "shop", info, chart, ...rest })).toString(
    "base64",
  );
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "sh.helm.release.v1.shop.v1",
      namespace: "flux-system",
      labels: { name: "shop", owner: "helm", status: "deployed", version: "1" },
    },
    type: "helm.sh/release.v1",
    data: { release: Buffer.from(packed).toString("base64") },
  };
}

describe.each([
  { name: "a HelmRelease of a chart in the repository", object: release },
  { name: "a Kustomization", object: folder },
])("$name", ({ object }) => {
  beforeEach(async () => {
    await world.cluster.api.create(object);
    await world.clock.advanceBy(60_000);
  });

  it("brings what it holds and undoes what was changed by hand", async () => {
    const { status } = await world.cluster.api.get(refTo(object));
    expect(JSON.stringify(status)).toContain('"type":"Ready","status":"True"');
    const body = { data: { value: "by hand" } };
    await world.cluster.api.patch(SETTINGS, { type: "merge", body });
    await world.clock.advanceBy(120_000);
    expect((await settings())?.["data"]).toEqual({ value: "a" });
    const events = await world.cluster.api.list(
      { apiVersion: "v1", kind: "Event" },
      { namespace: "flux-system" },
    );
    const texts = events.items.map(
      (event) => `${String(event["reason"])}: ${String(event["message"])}`,
    );
    expect(texts).toContainEqual(expect.stringContaining("ConfigMap/shop/settings configured"));
  });

  it("takes it along when it is deleted", async () => {
    await world.cluster.api.delete(refTo(object));
    await world.clock.advanceBy(10_000);
    expect(await settings()).toBeUndefined();
    const { items } = await world.cluster.api.list(object, { namespace: "flux-system" });
    expect(items).toEqual([]);
  });

  it("leaves it where it is when it is deleted suspended", async () => {
    await world.cluster.api.patch(refTo(object), {
      type: "merge",
      body: { spec: { suspend: true } },
    });
    await world.cluster.api.delete(refTo(object));
    await world.clock.advanceBy(10_000);
    expect((await settings())?.["data"]).toEqual({ value: "a" });
  });
});
