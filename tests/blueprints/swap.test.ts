// One slot of a blueprint filled by another system: it still compiles and checks, and only the folders listed differ.

import { describe, expect, it } from "vitest";

import {
  argocd,
  envoyGateway,
  flux,
  istio,
  istioGateway,
  nginxGatewayFabric,
} from "../../src/index.ts";
import { unexpectedFindings } from "./findings.ts";
import { BLUEPRINTS, compileBlueprint, type Blueprint } from "./shipped-blueprints.ts";

interface Swap {
  readonly name: string;
  readonly to: Readonly<Record<string, unknown>>;
}

/** Only a mesh of Istio has Istio's gateway, so the two come and go together. */
const SWAPS: readonly Swap[] = [
  { name: "mesh none", to: { mesh: undefined, ingress: nginxGatewayFabric() } },
  { name: "mesh istio", to: { mesh: istio() } },
  { name: "ingress envoy-gateway", to: { ingress: envoyGateway() } },
  { name: "ingress nginx-gateway-fabric", to: { ingress: nginxGatewayFabric() } },
  { name: "ingress istio-gateway", to: { mesh: istio(), ingress: istioGateway() } },
  { name: "packaging kustomize", to: { packaging: "kustomize" } },
  { name: "packaging helm", to: { packaging: "helm" } },
  { name: "packaging plain", to: { packaging: "plain" } },
  { name: "delivery none", to: { delivery: undefined } },
  {
    name: "delivery flux",
    to: { delivery: flux({ repository: "https://example.com/platform" }) },
  },
  {
    name: "delivery monitor",
    to: { delivery: argocd({ repository: "https://example.com/platform", role: "monitor" }) },
  },
];

describe.each(BLUEPRINTS)("$name", (blueprint) => {
  it("changes only what a swap should", async () => {
    const before = compileBlueprint(blueprint).tree;
    const listings: string[] = [];
    for (const { name, to } of SWAPS) {
      const compiled = compileBlueprint(swapped(blueprint, to));
      expect(await unexpectedFindings(compiled), name).toEqual([]);
      listings.push([name, ...changedFolders(before, compiled.tree)].join("\n  "));
    }
    const listing = listings.join("\n").concat("\n");
    await expect(listing).toMatchFileSnapshot(`golden/${blueprint.name}-swaps.txt`);
  });
});

function swapped(blueprint: Blueprint, to: Swap["to"]): Blueprint {
  const definition = Object.fromEntries(
    Object.entries({ ...blueprint.definition, ...to }).filter(([, value]) => value !== undefined),
  );
  // The definition with other fillers of the same slots.
  return { ...blueprint, definition: definition as unknown as Blueprint["definition"] };
}

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
