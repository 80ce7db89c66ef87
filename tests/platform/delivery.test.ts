// The blueprint local-first on one embedded cluster in virtual time: delivered from git by Argo CD, and kept that way.

import { createPublicKey } from "node:crypto";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { sealValue } from "../../src/components/secrets/sealed-secrets/behaviour/envelope.ts";
import type { FollowResult } from "../../src/delivery/index.ts";
import type { KubernetesObject, ObjectRef } from "../../src/kubernetes/index.ts";
import {
  applicationNames,
  compileLocalFirst,
  REPOSITORY,
  type CompiledBlueprint,
} from "./compiled-blueprint.ts";
import {
  applicationsOf,
  bootVirtually,
  deliverAll,
  eventually,
  historyOf,
  isStuck,
  podsOf,
  resourceVersions,
  unwellApplications,
  type PodSummary,
  type VirtualPlatform,
} from "./virtual-platform.ts";

const MINUTE_MS = 60_000;

const ELASTICMQ = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "elasticmq",
  namespace: "messaging",
} as const;

let blueprint: CompiledBlueprint;
let world: VirtualPlatform;
let delivered: FollowResult;
beforeAll(async () => {
  blueprint = await compileLocalFirst(["dev"]);
  world = await bootVirtually(blueprint, "delivery");
  delivered = await deliverAll(world, applicationNames(blueprint.compiled, "dev").length + 1);
});
afterAll(() => world.stop());

describe("delivery", () => {
  it("ends with an Application for every list file and the root, all Synced and Healthy", () => {
    const names = [...applicationNames(blueprint.compiled, "dev"), "platform"].toSorted();
    expect(delivered.outcome).toBe("healthy");
    expect(delivered.applications).toEqual(
      names.map((name) => ({ name, sync: "Synced", health: "Healthy", message: "" })),
    );
    expect(world.errors()).toEqual([]);
  });

  it("leaves no pod waiting", async () => {
    const pods = await podsOf(world.api);
    expect(pods.length).toBeGreaterThan(10);
    expect(pods.filter(isStuck).map(({ metadata }) => metadata.name)).toEqual([]);
  });

  it("writes nothing once everything is as git says", async () => {
    await world.clock.advanceBy(MINUTE_MS);
    const before = await resourceVersions(world.platform.hub);
    await world.clock.advanceBy(10 * MINUTE_MS);
    const after = await resourceVersions(world.platform.hub);
    expect(before.size).toBeGreaterThan(200);
    expect(changedKeys(before, after)).toEqual([]);
  });

  it("repeats event for event with the same seed", async () => {
    const runs = [await runOnce("one seed"), await runOnce("one seed"), await runOnce("another")];
    const [first = [], again, other] = runs;
    expect(first.length).toBeGreaterThan(500);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

const changedKeys = (before: Map<string, string>, after: Map<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );

/** Everything that happened until everything was delivered, and a minute more. */
async function runOnce(seed: string): Promise<string[]> {
  const run = await bootVirtually(blueprint, seed);
  await deliverAll(run, applicationNames(blueprint.compiled, "dev").length + 1);
  await run.clock.advanceBy(MINUTE_MS);
  const history = await historyOf(run);
  run.stop();
  return history;
}

describe("a delivery that cannot be finished", () => {
  let run: VirtualPlatform;
  beforeEach(async () => {
    run = await bootVirtually(blueprint, "unfinished");
  });
  afterEach(() => run.stop());

  it("ends at once when it is interrupted", async () => {
    const started = run.clock.now();
    const { outcome } = await deliverAll(run, 100, {
      timeoutMs: 120_000,
      signal: AbortSignal.abort(),
    });
    expect(outcome).toBe("interrupted");
    expect(run.clock.now()).toBe(started);
  });

  it("goes on where it was killed: with half of it there, the engine's pods gone and nobody watching", async () => {
    const expected = applicationNames(blueprint.compiled, "dev").length + 1;
    const cut = new AbortController();
    const { outcome: first } = await deliverAll(run, expected, {
      timeoutMs: 120_000,
      signal: cut.signal,
      onProgress(states) {
        const well = states.filter(({ health, sync }) => health === "Healthy" && sync === "Synced");
        if (well.length >= 2) cut.abort();
      },
    });
    for (const { metadata } of await podsOf(run.api, "argocd"))
      await run.api.delete({
        apiVersion: "v1",
        kind: "Pod",
        namespace: "argocd",
        name: metadata.name,
      });
    expect(first).toBe("interrupted");
    expect((await unwellApplications(run.api)).length).toBeGreaterThan(0);
    const { outcome } = await deliverAll(run, expected);
    expect(outcome).toBe("healthy");
    expect(await unwellApplications(run.api)).toEqual([]);
    expect((await podsOf(run.api)).filter(isStuck)).toEqual([]);
  });

  it("says what the engine waits for", async () => {
    const nodes = await run.api.list({ apiVersion: "v1", kind: "Node" });
    for (const { metadata } of nodes.items)
      await run.api.delete({ apiVersion: "v1", kind: "Node", name: metadata.name });
    const delivering = deliverAll(run, 100, { timeoutMs: 5_000 });
    await expect(delivering).rejects.toThrow(
      /engine did not become healthy in 5 s: .*deployment\/argocd-server/,
    );
  });

  it("says which Applications are missing", async () => {
    run.git.push(REPOSITORY, new Map());
    const { outcome, applications } = await deliverAll(run, 100, { timeoutMs: 5_000 });
    expect(outcome).toBe("timed-out");
    expect(applications).toMatchObject([{ name: "platform", sync: "Unknown" }]);
  });
});

describe("a disturbed platform", () => {
  // Every test may leave the platform as it likes: git has the last word, and that is a test too.
  afterEach(async () => {
    world.git.push(REPOSITORY, blueprint.compiled.tree);
    await settled();
    expect(world.errors()).toEqual([]);
  });

  it.each([
    { name: "the replicas of a Deployment", workload: ELASTICMQ, change: { replicas: 5 } },
    {
      name: "the image of a Deployment",
      workload: ELASTICMQ,
      change: {
        template: { spec: { containers: [{ name: "elasticmq", image: "example.com/mine:1" }] } },
      },
    },
  ])("heals $name changed by hand, and says so meanwhile", async ({ workload, change }) => {
    const wanted = await world.api.get(workload);
    const seen = followSync("messaging-dev");
    await world.api.patch(
      workload,
      { type: "strategic", body: { spec: change } },
      { fieldManager: "kubectl-edit" },
    );
    expect((await world.api.get(workload))["spec"]).not.toEqual(wanted["spec"]);
    await world.clock.advanceBy(10_000);
    seen.stop();
    expect((await world.api.get(workload))["spec"]).toEqual(wanted["spec"]);
    expect(seen.statuses).toEqual(["Synced", "OutOfSync", "Synced"]);
  });

  it("rolls a push out: new pods with the new image, the new commit in the status", async () => {
    const commit = pushImage("0.2.0");
    await settled();
    expect(await imagesIn("storefront")).toEqual(["ghcr.io/comind-ops/storefront:0.2.0"]);
    const { status } = await world.api.get({ ...APPLICATION, name: "storefront-dev" });
    expect(status).toMatchObject({ sync: { status: "Synced", revision: commit } });
  });

  it("prunes one object that left an app, and nothing else of it", async () => {
    const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };
    const kustomization = "apps/storefront/base/kustomization.yaml";
    const overlay = "apps/storefront/overlays/dev/kustomization.yaml";
    const { tree } = blueprint.compiled;
    const without = (path: string, line: string): string =>
      (tree.get(path) ?? "").replace(line, "");
    world.git.push(
      REPOSITORY,
      new Map(tree)
        .set(kustomization, without(kustomization, "- http-route.yaml\n"))
        .set(overlay, without(overlay, "- path: patch-http-route.yaml\n")),
    );
    await settled();
    const routes = await world.api.list(route, { namespace: "storefront" });
    expect(routes.items).toEqual([]);
    expect(await podsOf(world.api, "storefront")).toHaveLength(1);
  });

  it("takes an app that left git off the cluster, and brings it back", async () => {
    const without = [...blueprint.compiled.tree].filter(
      ([path]) => path !== "clusters/dev/applications/storefront.yaml",
    );
    world.git.push(REPOSITORY, new Map(without));
    await eventually(
      world,
      async () => (await podsOf(world.api, "storefront")).length === 0,
      MINUTE_MS,
    );
    await settled();
    const kept = await world.api.list(
      { apiVersion: "apps/v1", kind: "Deployment" },
      { namespace: "storefront" },
    );
    expect(kept.items).toEqual([]);
    expect([...(await applicationsOf(world.api)).keys()]).not.toContain("storefront-dev");
  });

  it("unseals nothing while the Sealed Secrets controller is scaled to zero", async () => {
    await scale(ARGOCD_CONTROLLER, 0); // or it would bring the other back
    await scale(UNSEALER, 0);
    await world.api.create(sealedForStorefront("late"));
    await world.clock.advanceBy(10 * MINUTE_MS);
    expect(await secretNames("storefront")).not.toContain("late");
    await scale(UNSEALER, 1);
    await eventually(
      world,
      async () => (await secretNames("storefront")).includes("late"),
      MINUTE_MS,
    );
    await scale(ARGOCD_CONTROLLER, 1);
  });

  it("moves the pods of a drained node, and of one that is gone", async () => {
    const node = (await podsOf(world.api, "storefront"))[0]?.spec.nodeName ?? "";
    await drain(node);
    await settled();
    expect(await movablePodsOn(node)).toEqual([]);
    await world.api.patch(
      { apiVersion: "v1", kind: "Node", name: node },
      { type: "merge", body: { spec: { unschedulable: null } } },
    );
    const gone = (await podsOf(world.api, "storefront"))[0]?.spec.nodeName ?? "";
    await world.api.delete({ apiVersion: "v1", kind: "Node", name: gone });
    await world.clock.advanceBy(2 * MINUTE_MS);
    await settled();
    const left = (await podsOf(world.api)).filter(({ spec }) => spec.nodeName === gone);
    expect(left.map(({ metadata }) => metadata.name)).toEqual([]);
  });
});

const APPLICATION = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  namespace: "argocd",
} as const;

/** Until every Application is Synced and Healthy and no pod waits. */
async function settled(): Promise<void> {
  await world.clock.advanceBy(1_000);
  const isCalm = async (): Promise<boolean> =>
    (await unwellApplications(world.api)).length === 0 && !(await podsOf(world.api)).some(isStuck);
  await eventually(world, isCalm, MINUTE_MS);
}

/** The sync statuses an Application goes through, each once in a row. */
function followSync(name: string): { readonly statuses: string[]; stop(): void } {
  const statuses: string[] = [];
  const watch = world.api.watch(
    APPLICATION,
    {
      namespace: "argocd",
      fieldSelector: `metadata.name=${name}`,
      allowBookmarks: true,
      sendInitialEvents: true,
      resourceVersionMatch: "NotOlderThan",
    },
    ({ object }) => {
      // The shape Argo CD's definition gives it; bookmarks have none.
      const { sync } = (object.status ?? {}) as { sync?: { status: string } };
      if (sync !== undefined && statuses.at(-1) !== sync.status) statuses.push(sync.status);
    },
  );
  return { statuses, stop: () => watch.stop() };
}

function pushImage(tag: string): string {
  const path = "apps/storefront/base/deployment.yaml";
  const text = blueprint.compiled.tree.get(path) ?? "";
  return world.git.push(
    REPOSITORY,
    new Map(blueprint.compiled.tree).set(
      path,
      text.replace("storefront:0.1.0", `storefront:${tag}`),
    ),
  );
}

async function imagesIn(namespace: string): Promise<string[]> {
  const pods = await podsOf(world.api, namespace);
  return pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image));
}

const ARGOCD_CONTROLLER = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  name: "argocd-application-controller",
  namespace: "argocd",
} as const;
const UNSEALER = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "sealed-secrets-controller",
  namespace: "kube-system",
} as const;

async function scale(workload: ObjectRef, replicas: number): Promise<void> {
  await world.api.patch(
    workload,
    { type: "merge", body: { spec: { replicas } } },
    { subresource: "scale", fieldManager: "kubectl-scale" },
  );
  await eventually(world, async () => (await readyReplicas(workload)) === replicas, MINUTE_MS);
}

async function readyReplicas(workload: ObjectRef): Promise<number> {
  const { status } = await world.api.get(workload);
  return (status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0;
}

function sealedForStorefront(name: string): KubernetesObject {
  const { keyPem } = blueprint.sealingKeys.get("dev") ?? { keyPem: "" };
  const scope = { name, namespace: "storefront" };
  return {
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: scope,
    spec: { encryptedData: { KEY: sealValue("value", scope, createPublicKey(keyPem)) } },
  };
}

async function secretNames(namespace: string): Promise<string[]> {
  const { items } = await world.api.list({ apiVersion: "v1", kind: "Secret" }, { namespace });
  return items.map(({ metadata }) => metadata.name);
}

/** As `kubectl drain --ignore-daemonsets`: no new pods, and an eviction for every old one. */
async function drain(node: string): Promise<void> {
  await world.api.patch(
    { apiVersion: "v1", kind: "Node", name: node },
    { type: "merge", body: { spec: { unschedulable: true } } },
  );
  for (const { metadata } of await movablePods(node)) {
    const { name, namespace } = metadata;
    await world.api.create(
      { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: namespace ?? "" } },
      { subresource: "eviction" },
    );
  }
}

/** Neither a daemon's nor done. */
async function movablePods(node: string): Promise<readonly PodSummary[]> {
  const pods = await podsOf(world.api);
  return pods.filter(
    ({ spec, status, metadata }) =>
      spec.nodeName === node &&
      status.phase !== "Succeeded" &&
      !metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet"),
  );
}

const movablePodsOn = async (node: string): Promise<string[]> =>
  (await movablePods(node)).map(({ metadata }) => metadata.name);
