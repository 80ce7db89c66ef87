// The blueprint local-first handed over as charts and as whole manifests: Argo CD really builds them, and the cluster ends up
// with the very objects the overlays of Kustomize give.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { FollowResult } from "../../src/delivery/index.ts";
import { refOf, type KubernetesObject } from "../../src/kubernetes/index.ts";
import {
  applicationNames,
  compileLocalFirst,
  type CompiledBlueprint,
} from "./compiled-blueprint.ts";
import { bootVirtually, deliverAll, type VirtualPlatform } from "./virtual-platform.ts";

const packagedAs =
  (packaging: string) =>
  (definition: unknown): unknown => ({ ...(definition as object), packaging });

describe.each(["helm", "plain"])("an app handed over as %s", (packaging) => {
  let blueprint: CompiledBlueprint;
  let world: VirtualPlatform;
  let delivered: FollowResult;
  beforeAll(async () => {
    blueprint = await compileLocalFirst(["dev"], packagedAs(packaging));
    world = await bootVirtually(blueprint, packaging);
    delivered = await deliverAll(world, applicationNames(blueprint.compiled, "dev").length + 1);
  });
  afterAll(() => world.stop());

  it("is synced and healthy", () => {
    expect(delivered.outcome).toBe("healthy");
    expect(delivered.applications.map(({ name }) => name)).toContain("storefront-dev");
    expect(world.errors()).toEqual([]);
  });

  it("has the objects that Kustomize gives", async () => {
    const wanted = blueprint
      .recompile(packagedAs("kustomize"))
      .targets.filter(({ cluster }) => cluster.target === "dev")
      .flatMap(({ objects }) => objects.filter(({ area }) => area === "apps/storefront"))
      .map(({ object }) => object);
    expect(wanted.length).toBeGreaterThan(0);
    for (const object of wanted) {
      const live = await world.api.get(refOf(object));
      expect(live).toMatchObject(withoutDefaults(object));
    }
  });
});

/** Quantities and the like are read back as they were written; only the status is the cluster's own. */
function withoutDefaults({ status: _status, ...object }: KubernetesObject): object {
  return object;
}
