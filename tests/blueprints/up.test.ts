// Every environment of every blueprint comes up in virtual time, delivered from git, every cluster of it on one clock.

import { describe, expect, it } from "vitest";

import type { FollowResult } from "../../src/delivery/index.ts";
import { applicationNames, compileForUp } from "../platform/compiled-blueprint.ts";
import {
  bootVirtually,
  deliverAll,
  isStuck,
  podsOf,
  type VirtualPlatform,
} from "../platform/virtual-platform.ts";
import { BLUEPRINTS, type Blueprint } from "./shipped-blueprints.ts";

interface Case {
  readonly blueprint: Blueprint;
  readonly environment: string;
}

const CASES = BLUEPRINTS.flatMap((blueprint) =>
  Object.keys(blueprint.definition.environments).map((environment) => ({
    name: `${blueprint.name} ${environment}`,
    blueprint,
    environment,
  })),
);

interface Run {
  readonly world: VirtualPlatform;
  readonly delivered: FollowResult;
  /** Names of Applications there should be, the root among them. */
  readonly expected: readonly string[];
}

async function bringUp({ blueprint, environment }: Case): Promise<Run> {
  const { definition, lock } = blueprint;
  const compiled = await compileForUp(definition, lock, [environment]);
  const names = compiled.targets.flatMap(({ cluster }) =>
    applicationNames(compiled.compiled, cluster.target),
  );
  const expected = [...names, "platform"].toSorted();
  const world = await bootVirtually(compiled, `${blueprint.name}/${environment}`);
  return { world, expected, delivered: await deliverAll(world, expected.length) };
}

async function stuckPods({ platform }: VirtualPlatform): Promise<string[]> {
  const clusters = platform.targets.map(async ({ target, cluster }) => {
    const pods = await podsOf(cluster.api);
    expect(pods.length).toBeGreaterThan(8);
    return pods
      .filter(isStuck)
      .map(({ metadata }) => `${target.cluster.target} ${metadata.namespace}/${metadata.name}`);
  });
  return (await Promise.all(clusters)).flat();
}

describe("up", () => {
  it.each(CASES)("$name", async (one) => {
    const { world, delivered, expected } = await bringUp(one);
    try {
      const unwell = delivered.applications.filter(
        ({ sync, health }) => sync !== "Synced" || health !== "Healthy",
      );
      expect(unwell).toEqual([]);
      expect(delivered.applications.map(({ name }) => name)).toEqual(expected);
      expect(world.errors).toEqual([]);
      expect(await stuckPods(world)).toEqual([]);
    } finally {
      world.stop();
    }
  });
});
