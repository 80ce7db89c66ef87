// What a delivery engine has to bear in virtual time, under Argo CD and under Flux: fields that the cluster decides stay as they
// are through every sync, and a bad version ends in a revert after which the cluster holds what git says.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { diffObjects } from "../../src/apply/index.ts";
import {
  argocd,
  argoRollouts,
  flux,
  metricsServer,
  nginxGatewayFabric,
} from "../../src/components/index.ts";
import { formatPath, valueAt, type Path } from "../../src/core/index.ts";
import type { KubernetesObject, ObjectRef } from "../../src/kubernetes/index.ts";
import { canary, type Tree } from "../../src/model/index.ts";
import { isStuck, type PodSummary } from "../platform/virtual-platform.ts";
import { commitEdit, edited, engineOf, until, type Engine } from "./engines.ts";
import { now, orderOf } from "./order.ts";
import { REPOSITORY, runSmall, small, WEB, type SmallPlatform } from "./small-platform.ts";

const MINUTE_MS = 60_000;
/** Longer than any engine waits before it compares or applies again. */
const ROUND_MS = 4 * MINUTE_MS;
/** Longer than a Deployment may take to make progress. */
const LONG_MS = 15 * MINUTE_MS;

const ENGINES = [
  { name: "Argo CD", delivery: argocd({ repository: REPOSITORY }) },
  { name: "Flux", delivery: flux({ repository: REPOSITORY, reapply: "2m" }) },
];

const image = "ghcr.io/example/api:1.0.0";
const resources = { requests: { cpu: "100m", memory: "64Mi" } };
const PLATFORM = small({
  // Smaller scales have no autoscaler.
  environments: { prod: { clusters: ["home"], scale: "highly-available" } },
  ingress: nginxGatewayFabric(),
  rollouts: argoRollouts(),
  resourceMetrics: metricsServer(),
  apps: {
    web: { ...WEB, release: canary([25, 100], { pause: "manual" }) },
    api: { image, port: 8080, resources, scale: { min: 2, max: 10, cpu: 70 } },
    shop: { image: "ghcr.io/example/shop:1.0.0", port: 8080 },
  },
});

const of = (kind: string, apiVersion: string, app: string): ObjectRef => ({
  apiVersion,
  kind,
  name: app,
  namespace: app,
});
const SHOP = of("Deployment", "apps/v1", "shop");
const API = of("Deployment", "apps/v1", "api");
const ROLLOUT = of("Rollout", "argoproj.io/v1alpha1", "web");
const ROUTE = of("HTTPRoute", "gateway.networking.k8s.io/v1", "web");

const isAt = ({ kind, metadata }: KubernetesObject, ref: ObjectRef): boolean =>
  kind === ref.kind && metadata.name === ref.name && metadata.namespace === ref.namespace;
const isPod = ({ kind, metadata }: KubernetesObject, namespace: string): boolean =>
  kind === "Pod" && metadata.namespace === namespace;
const isReady = (object: KubernetesObject): boolean => !isStuck(object as PodSummary);

describe.each(ENGINES)("under $name", ({ name, delivery }) => {
  let world: SmallPlatform;
  let engine: Engine;
  let tree: Tree;
  beforeAll(async () => {
    world = await runSmall({ ...PLATFORM, delivery }, name);
    engine = engineOf(world);
    ({ tree } = world.compiled.compiled);
  }, 120_000);
  afterAll(() => world.stop());
  afterEach(() => expect(world.errors()).toEqual([]));

  const read = async (ref: ObjectRef, ...path: Path): Promise<unknown> =>
    valueAt(await world.api.get(ref), path);
  const imageOf = (ref: ObjectRef): Promise<unknown> =>
    read(ref, "spec", "template", "spec", "containers", 0, "image");
  const healthOf = (app: string, health: string): Promise<void> =>
    until(world, async () => (await engine.stateOf(app)).health === health, LONG_MS);
  const delivered = (app: string, commit: string): Promise<void> =>
    until(
      world,
      async () =>
        (await engine.revisionOf(app)) === commit &&
        (await engine.stateOf(app)).sync === "Synced" &&
        (await engine.stateOf(app)).health === "Healthy",
      LONG_MS,
    );

  it("comes up in order: servers, definitions, the engine, what it reads, apps", async () => {
    const isUnit = ({ kind, metadata }: KubernetesObject, unit: string): boolean =>
      kind === engine.unit && metadata.name === unit;
    const order = await orderOf(world, 0, [
      { name: "a server", holds: ({ kind }) => kind === "Node" },
      { name: "a definition", holds: ({ kind }) => kind === "CustomResourceDefinition" },
      {
        name: "the engine's namespace",
        holds: ({ kind, metadata }) => kind === "Namespace" && metadata.name === engine.namespace,
      },
      {
        name: "the engine runs",
        holds: (object) => isPod(object, engine.namespace) && isReady(object),
      },
      { name: "its root", holds: (object) => isUnit(object, engine.root) },
      { name: "the commit it read", holds: (object) => engine.readOf(object) !== undefined },
      { name: "the app's unit", holds: (object) => isUnit(object, engine.nameOf("shop")) },
      { name: "the app's Deployment", holds: (object) => isAt(object, SHOP) },
      { name: "the app runs", holds: (object) => isPod(object, "shop") && isReady(object) },
    ]);
    expect(order).toEqual([
      "a server",
      "a definition",
      "the engine's namespace",
      "the engine runs",
      "its root",
      "the commit it read",
      "the app's unit",
      "the app's Deployment",
      "the app runs",
    ]);
  });

  it("one commit becomes running pods, step by step", async () => {
    const image = "ghcr.io/example/shop:1.0.2";
    const old = await read(SHOP, "metadata", "resourceVersion");
    const before = now(world);
    const commit = commitEdit(world, "apps/shop/base/deployment.yaml", [
      ["ghcr.io/example/shop:1.0.0", image],
    ]);
    await delivered("shop", commit);
    await world.clock.advanceBy(MINUTE_MS);
    const holds = (object: KubernetesObject): boolean => JSON.stringify(object).includes(image);
    const order = await orderOf(world, before, [
      { name: "detected", holds: (object) => engine.readOf(object) === commit },
      { name: "compared", holds: (object) => engine.comparedOf(object, "shop") === commit },
      { name: "applied", holds: (object) => isAt(object, SHOP) && holds(object) },
      { name: "a new set", holds: (object) => object.kind === "ReplicaSet" && holds(object) },
      { name: "a new pod", holds: (object) => isPod(object, "shop") && holds(object) },
      {
        name: "running",
        holds: (object) => isPod(object, "shop") && holds(object) && isReady(object),
      },
      {
        name: "an old pod ends",
        holds: (object, type) => type === "delete" && isPod(object, "shop") && !holds(object),
      },
      { name: "verified", holds: (object) => engine.verifiedOf(object, "shop") === commit },
    ]);
    expect(await read(SHOP, "metadata", "resourceVersion")).not.toBe(old);
    expect(order).toEqual([
      "detected",
      // Flux finds what differs by applying.
      ...(name === "Flux" ? [] : ["compared"]),
      "applied",
      "a new set",
      "a new pod",
      "running",
      "an old pod ends",
      "verified",
    ]);
    await delivered("shop", world.git.push(REPOSITORY, tree));
  });

  it("what was changed by hand is named field by field, and nothing is once it is undone", async () => {
    const [target] = world.compiled.targets;
    const objects = (target?.objects ?? [])
      .map(({ object }) => object)
      .filter(({ metadata }) => metadata.namespace === "shop");
    const drift = async (): Promise<string[]> => {
      const found = await diffObjects(world.api, objects, { fieldManager: "keelson-diff" });
      return found.flatMap(({ ref, fields }) =>
        fields.map(({ path }) => `${ref.kind} ${formatPath(path)}`),
      );
    };
    expect(objects.length).toBeGreaterThan(3);
    expect(await drift()).toEqual([]);
    const body = {
      metadata: { labels: { "app.kubernetes.io/part-of": "mine" } },
      spec: { template: { spec: { containers: [{ name: "shop", image: "example.com/mine:1" }] } } },
    };
    await world.api.patch(SHOP, { type: "strategic", body }, { fieldManager: "kubectl-edit" });
    expect(await drift()).toEqual([
      "Deployment spec.template.spec.containers[name=shop].image",
      'Deployment metadata.labels["app.kubernetes.io/part-of"]',
    ]);
    await world.clock.advanceBy(ROUND_MS);
    expect(await drift()).toEqual([]);
  });

  it("a bad image is Degraded, and its revert is healthy without drift", async () => {
    const bad = edited(tree, "apps/shop/base/deployment.yaml", [
      ["shop:1.0.0", "shop:1.0.1"],
      [
        "  template:\n    metadata:\n",
        "  template:\n    metadata:\n      annotations: { simulation.keelson.dev/pull: fail }\n",
      ],
    ]);
    world.git.push(REPOSITORY, bad);
    await healthOf("shop", "Degraded");
    expect(await imageOf(SHOP)).toBe("ghcr.io/example/shop:1.0.1");
    // The old pods go on: nothing is taken away before its successor is ready.
    expect(await read(SHOP, "status", "availableReplicas")).toBe(2);
    const commit = world.git.push(REPOSITORY, tree);
    await delivered("shop", commit);
    expect(await imageOf(SHOP)).toBe("ghcr.io/example/shop:1.0.0");
    expect(await read(SHOP, "spec", "template", "metadata", "annotations")).toBeUndefined();
  });

  it("an autoscaler's five replicas stay through syncs", async () => {
    const loaded = (more: string): readonly (readonly [string, string])[] => [
      [
        "  template:\n    metadata:\n",
        // Seventy percent of 100m each, for five.
        `  template:\n    metadata:\n      annotations: { simulation.keelson.dev/cpu: 340m shared${more} }\n`,
      ],
    ];
    const path = "apps/api/base/deployment.yaml";
    await delivered("api", commitEdit(world, path, loaded("")));
    const ready = async (): Promise<boolean> => (await read(API, "status", "readyReplicas")) === 5;
    await until(world, ready, LONG_MS);
    const seen = engine.follow(API, (live) => valueAt(live, ["spec", "replicas"]));
    await delivered("api", commitEdit(world, path, loaded(", synced: again")));
    await world.clock.advanceBy(ROUND_MS);
    expect(await read(API, "spec", "template", "metadata", "annotations", "synced")).toBe("again");
    expect(seen.stop()).toEqual([5]);
    world.git.push(REPOSITORY, tree);
  });

  it("a canary's share of 25 percent stays through syncs, until it is aborted and git reverted", async () => {
    const image = [["web:1.0.0", "web:1.0.1"]] as const;
    commitEdit(world, "apps/web/base/deployment.yaml", image);
    const weights = ["spec", "rules", 0, "backendRefs"];
    const share = (live: object): unknown =>
      (valueAt(live, weights) as readonly { readonly weight: number }[]).map(
        ({ weight }) => weight,
      );
    await until(world, async () => (await read(ROLLOUT, "status", "phase")) === "Paused", LONG_MS);
    const seen = engine.follow(ROUTE, share);
    await world.clock.advanceBy(ROUND_MS);
    // Something else of the app changes in git meanwhile.
    commitEdit(
      world,
      "apps/web/base/service.yaml",
      [["  annotations:\n", "  annotations:\n    synced: again\n"]],
      edited(tree, "apps/web/base/deployment.yaml", image),
    );
    const isSynced = async (): Promise<boolean> =>
      (await read(of("Service", "v1", "web"), "metadata", "annotations", "synced")) === "again";
    await until(world, isSynced, LONG_MS);
    await world.clock.advanceBy(ROUND_MS);
    expect(seen.stop()).toEqual([[75, 25]]);

    const body = { status: { abort: true } };
    await world.api.patch(ROLLOUT, { type: "merge", body }, { subresource: "status" });
    await healthOf("web", "Degraded");
    expect(share(await world.api.get(ROUTE))).toEqual([100, 0]);
    const revert = world.git.push(REPOSITORY, tree);
    await delivered("web", revert);
    expect(share(await world.api.get(ROUTE))).toEqual([100, 0]);
    expect(await imageOf(of("Deployment", "apps/v1", "web"))).toBe(WEB.image);
  });
});
