// Environments of a blueprint coming up in virtual time, delivered from git, every cluster of one on the same clock. Each
// blueprint has a file of its own, so that workers share them; it compiles once and boots every environment once.
// local-first comes up in `tests/platform/environments.test.ts`, all of it on one clock.

import { beforeAll, describe, expect, it } from "vitest";

import type { FollowResult } from "../../src/delivery/index.ts";
import {
  applicationNames,
  compileForUp,
  type CompiledBlueprint,
} from "../platform/compiled-blueprint.ts";
import {
  bootVirtually,
  deliverAll,
  isStuck,
  podsOf,
  type VirtualPlatform,
} from "../platform/virtual-platform.ts";
import { shippedBlueprint } from "./shipped-blueprints.ts";

export function describeComingUp(name: string): void {
  const { definition, lock } = shippedBlueprint(name);
  const environments = Object.keys(definition.environments);
  describe(`up of ${name}`, () => {
    let compiled: CompiledBlueprint;
    beforeAll(async () => {
      compiled = await compileForUp(definition, lock, environments);
    });

    it.each(environments)("%s", async (environment) => {
      const targets = compiled.targets.filter(({ cluster }) => cluster.environment === environment);
      await expectHealthy({ ...compiled, targets }, `${name}/${environment}`);
    });
  });
}

/** Boots, delivers, and holds every Application or what stands for it, and every pod, to being well. */
export async function expectHealthy(compiled: CompiledBlueprint, seed: string): Promise<void> {
  const names = compiled.targets.flatMap(({ cluster }) =>
    applicationNames(compiled.compiled, cluster.target),
  );
  const world = await bootVirtually(compiled, seed);
  try {
    const { expected } = world.platform;
    const { applications } = await deliverAll(world, expected);
    expect(unwell(applications)).toEqual([]);
    // Flux has objects in place of lists, of which the platform knows how many there are.
    if (names.length === 0) expect(applications).toHaveLength(expected);
    else expect(applications.map(({ name }) => name)).toEqual([...names, "platform"].toSorted());
    expect(world.errors()).toEqual([]);
    expect(await bareMembers(world)).toEqual([]);
    expect(await stuckPods(world)).toEqual([]);
  } finally {
    world.stop();
  }
}

/** `cluster namespace/name` of every pod that lacks a container the plan counts as injected. */
async function bareMembers({ platform }: VirtualPlatform): Promise<string[]> {
  const clusters = platform.targets.map(async ({ target, cluster }) => {
    const pods = await podsOf(cluster.api);
    return target.cluster.workloads.flatMap(({ namespace, labels, injected = [] }) =>
      pods
        .filter(
          ({ metadata }) =>
            metadata.namespace === namespace &&
            Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value),
        )
        .filter(({ metadata, spec }) => {
          const stoodInFor = metadata.annotations?.["keelson.dev/simulated-sidecar"] ?? "";
          const there = [
            ...spec.containers.map((one) => String(Reflect.get(one, "name"))),
            stoodInFor,
          ].join(" ");
          return injected.some(({ name }) => !there.includes(name));
        })
        .map(({ metadata }) => `${target.cluster.target} ${namespace}/${metadata.name}`),
    );
  });
  return (await Promise.all(clusters)).flat();
}

const unwell = (applications: FollowResult["applications"]): FollowResult["applications"] =>
  applications.filter(({ sync, health }) => sync !== "Synced" || health !== "Healthy");

/** `cluster namespace/name` of every pod that is neither ready nor done. */
export async function stuckPods({ platform }: VirtualPlatform): Promise<string[]> {
  const clusters = platform.targets.map(async ({ target, cluster }) => {
    const pods = await podsOf(cluster.api);
    expect(pods.length).toBeGreaterThan(8);
    return pods
      .filter(isStuck)
      .map(({ metadata }) => `${target.cluster.target} ${metadata.namespace}/${metadata.name}`);
  });
  return (await Promise.all(clusters)).flat();
}
