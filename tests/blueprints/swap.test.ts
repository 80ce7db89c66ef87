// One slot of a blueprint filled by another system: it still compiles and checks, and only the folders listed differ.

import { describe, expect, it } from "vitest";

import { unexpectedFindings } from "./findings.ts";
import { BLUEPRINTS, compileBlueprint } from "./shipped-blueprints.ts";
import { SWAPS, swapped } from "./swaps.ts";

describe.each(BLUEPRINTS)("$name", (blueprint) => {
  it("changes only what a swap should", async () => {
    const before = compileBlueprint(blueprint).tree;
    const listings: string[] = [];
    for (const swap of SWAPS) {
      const compiled = compileBlueprint(swapped(blueprint, swap));
      expect(await unexpectedFindings(compiled), swap.name).toEqual([]);
      listings.push([swap.name, ...changedFolders(before, compiled.tree)].join("\n  "));
    }
    const listing = listings.join("\n").concat("\n");
    await expect(listing).toMatchFileSnapshot(`golden/${blueprint.name}-swaps.txt`);
  });
});

type Tree = ReadonlyMap<string, string>;

/** `infrastructure/mesh 3`: folders, two deep, with the number of files that came, went or changed. */
function changedFolders(before: Tree, after: Tree): string[] {
  const counts = new Map<string, number>();
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(path) === after.get(path)) continue;
    const folder = path.split("/").slice(0, 2).join("/");
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].map(([folder, files]) => `${folder} ${files}`).toSorted();
}
