// Every environment of local-first, in one process: the first one's Argo CD delivers to all, as registered clusters.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { FollowResult } from "../../src/delivery/index.ts";
import {
  applicationNames,
  compileLocalFirst,
  type CompiledBlueprint,
} from "./compiled-blueprint.ts";
import {
  applicationsOf,
  bootVirtually,
  deliverAll,
  eventually,
  isStuck,
  podsOf,
  unwellApplications,
  type VirtualPlatform,
} from "./virtual-platform.ts";

const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
let blueprint: CompiledBlueprint;
let world: VirtualPlatform;
let delivered: FollowResult;
beforeAll(async () => {
  blueprint = await compileLocalFirst(ENVIRONMENTS);
  world = await bootVirtually(blueprint, "environments");
  delivered = await deliverAll(world, expectedNames(ENVIRONMENTS).length);
});
afterAll(() => world.stop());

/** One for every environment and list file, and the hub's root. */
function expectedNames(environments: readonly string[]): string[] {
  const names = environments.flatMap((name) => applicationNames(blueprint.compiled, name));
  return [...names, "platform"].toSorted();
}

/** What all environments' lists name, e.g. `storefront` or `chart-argocd`. */
function sharedFolders(): string[] {
  const [first = new Set<string>(), ...others] = ENVIRONMENTS.map((environment) => {
    const names = applicationNames(blueprint.compiled, environment);
    return new Set(names.map((name) => name.slice(0, -environment.length - 1)));
  });
  return [...first].filter((folder) => others.every((other) => other.has(folder)));
}

const namesOf = async (): Promise<string[]> =>
  [...(await applicationsOf(world.api)).keys()].toSorted();

describe("three environments of one platform", () => {
  it("get an Application for every list entry of each, all Synced and Healthy", () => {
    const names = delivered.applications.map(({ name }) => name);
    expect(names).toEqual(expectedNames(ENVIRONMENTS));
    const unwell = delivered.applications.filter(
      ({ sync, health }) => sync !== "Synced" || health !== "Healthy",
    );
    expect(unwell).toEqual([]);
    expect(world.errors()).toEqual([]);
  });

  it("stay so once autoscalers have asked for metrics", async () => {
    await world.clock.advanceBy(60_000);
    expect(await unwellApplications(world.api)).toEqual([]);
  });

  it("share folders: an Application for each environment", () => {
    const shared = sharedFolders();
    expect(shared.length).toBeGreaterThan(5);
    const names = delivered.applications.map(({ name }) => name);
    const wanted = shared.flatMap((folder) =>
      ENVIRONMENTS.map((environment) => `${folder}-${environment}`),
    );
    expect(wanted).toHaveLength(3 * shared.length);
    expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
  });

  it("run their own pods on their own clusters, as many as their scale asks for", async () => {
    const counts: Record<string, number> = {};
    for (const { target, cluster } of world.platform.targets) {
      const pods = await podsOf(cluster.api);
      expect(pods.filter(isStuck).map(({ metadata }) => metadata.name)).toEqual([]);
      const own = pods.filter(({ metadata }) => metadata.namespace === "storefront");
      counts[target.cluster.target] = own.length;
    }
    expect(counts).toEqual({ dev: 1, staging: 2, prod: 2 });
  });

  it("lose their Applications when their cluster is unregistered, and only theirs", async () => {
    const secret = { apiVersion: "v1", kind: "Secret", name: "cluster-prod", namespace: "argocd" };
    await world.api.delete(secret);
    const left = expectedNames(["dev", "staging"]);
    await eventually(world, async () => (await namesOf()).length === left.length, 60_000);
    expect(await namesOf()).toEqual(left);
  });
});
