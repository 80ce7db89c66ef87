// Blueprints with one slot filled by another system come up too. Here every swap comes up once, on one of the blueprints in
// turn; `KEELSON_SWAPS=all` boots every environment of every blueprint with every swap.

import { describe, expect, it } from "vitest";

import { isDelivered } from "../../src/delivery/index.ts";
import { compileForUp } from "../platform/compiled-blueprint.ts";
import { bootVirtually, deliverAll } from "../platform/virtual-platform.ts";
import { stuckPods } from "./coming-up.ts";
import { BLUEPRINTS, compileBlueprint, type Blueprint } from "./shipped-blueprints.ts";
import { SWAPS, swapped, type Swap } from "./swaps.ts";

interface Boot {
  readonly name: string;
  readonly blueprint: Blueprint;
  readonly environments: readonly string[];
}

/** A monitor hears of what it did not write at its next reconciliation only, two to three minutes later. */
const PATIENCE_MS = 400_000;
/** Every environment of a blueprint takes as long as its machine is busy. */
const ALL_ENVIRONMENTS_MS = 300_000;
const everything = process.env["KEELSON_SWAPS"] === "all";

const environmentsOf = ({ definition }: Blueprint): readonly string[] =>
  Object.keys(definition.environments);

const asShipped = new Map<Blueprint, ReadonlyMap<string, string> | undefined>();

const changesAnything = (blueprint: Blueprint, swap: Swap): boolean => {
  if (!asShipped.has(blueprint)) asShipped.set(blueprint, compileBlueprint(blueprint).tree);
  const before = asShipped.get(blueprint);
  const after = compileBlueprint(swapped(blueprint, swap)).tree;
  return [...(after ?? [])].some(([path, text]) => before?.get(path) !== text);
};

/** The blueprints, another one first for every swap. */
function inTurn(index: number): readonly Blueprint[] {
  const first = index % BLUEPRINTS.length;
  return [...BLUEPRINTS.slice(first), ...BLUEPRINTS.slice(0, first)];
}

function boots(): readonly Boot[] {
  return SWAPS.flatMap((swap, index) => {
    const next = inTurn(index).find((blueprint) => changesAnything(blueprint, swap));
    const chosen = everything ? BLUEPRINTS : next === undefined ? [] : [next];
    return chosen.map((blueprint) => ({
      name: `${blueprint.name} with ${swap.name}`,
      blueprint: swapped(blueprint, swap),
      environments: everything ? environmentsOf(blueprint) : environmentsOf(blueprint).slice(0, 1),
    }));
  });
}

describe("comes up", () => {
  it.each(boots())(
    "$name",
    async ({ name, blueprint, environments }) => {
      const compiled = await compileForUp(blueprint.definition, blueprint.lock, environments);
      for (const environment of environments) {
        const targets = compiled.targets.filter(
          ({ cluster }) => cluster.environment === environment,
        );
        const world = await bootVirtually({ ...compiled, targets }, `${name}/${environment}`);
        try {
          const expected = world.platform.expected;
          const result = await deliverAll(world, expected, { timeoutMs: PATIENCE_MS });
          expect(result.applications.filter((state) => !isDelivered(state))).toEqual([]);
          expect(result.outcome).toBe("healthy");
          expect(world.errors()).toEqual([]);
          expect(await stuckPods(world)).toEqual([]);
        } finally {
          world.stop();
        }
      }
    },
    everything ? ALL_ENVIRONMENTS_MS : undefined,
  );
});
