// A tree laid out as another architecture document draws it: the same platform is delivered from other folders.

import { describe, expect, it } from "vitest";

import { compile } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { infraProv } from "../../src/index.ts";
import { compileBlueprint, shippedBlueprint } from "../blueprints/shipped-blueprints.ts";
import { unexpectedFindings } from "../blueprints/findings.ts";
import { applicationNames, compileLocalFirst } from "./compiled-blueprint.ts";
import { bootVirtually, deliverAll } from "./virtual-platform.ts";

const localFirst = shippedBlueprint("local-first");
const laidOut = (layout: Readonly<Record<string, string>>) =>
  compileBlueprint({ ...localFirst, definition: { ...localFirst.definition, layout } });

describe("a tree below infra_prov", () => {
  it("has every file of the usual one, and all of them in its folders", () => {
    const usual = compileBlueprint(localFirst).tree;
    const paths = [...laidOut(infraProv).tree.keys()];
    expect(paths).toHaveLength(usual.size);
    expect(paths.filter((path) => !path.startsWith("infra_prov/"))).toEqual([]);
  });

  it("is found whole by the check", async () =>
    expect(await unexpectedFindings(laidOut(infraProv))).toEqual([]));

  it("is delivered by the engine", async () => {
    const layout = (definition: unknown) => ({ ...(definition as object), layout: infraProv });
    const blueprint = await compileLocalFirst(["dev"], layout);
    const world = await bootVirtually(blueprint, "layout");
    const expected = applicationNames(blueprint.compiled, "dev").length + 1;
    const { outcome } = await deliverAll(world, expected);
    world.stop();
    expect(world.errors()).toEqual([]);
    expect(outcome).toBe("healthy");
  });

  it("never writes one file twice", () => {
    const { definition, lock } = localFirst;
    const both = { ...definition, layout: { networking: "shared", security: "shared" } };
    const { value, diagnostics } = compile({ definition: both, registry, lock, sealed: {} });
    expect(value).toBeUndefined();
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(
      new Set(["compile/contested-file"]),
    );
  });
});
