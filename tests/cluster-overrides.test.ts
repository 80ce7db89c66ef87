// An environment of two clusters: what one of them changes is its own, is checked, and is found where it was written.

import { describe, expect, it } from "vitest";

import hybrid from "../blueprints/hybrid/platform.ts";
import { registry } from "../src/components/index.ts";
import { formatPath } from "../src/core/index.ts";
import { parseDefinition } from "../src/model/index.ts";
import { BLUEPRINTS, compileBlueprint } from "./blueprints/shipped-blueprints.ts";

const shipped = BLUEPRINTS.find(({ name }) => name === "hybrid");
if (shipped === undefined) throw new Error("hybrid is shipped");
const { targets } = compileBlueprint(shipped);
const plans = new Map(targets.map(({ cluster, plan }) => [cluster.target, { cluster, plan }]));

function withOverride(clusters: object): object {
  const prod = { ...hybrid.overrides?.["prod"], clusters };
  return { ...hybrid, overrides: { ...hybrid.overrides, prod } };
}

describe("a cluster's own override", () => {
  it("changes that cluster and no other", () => {
    const filled = (target: string, slot: string): boolean =>
      plans.get(target)?.cluster.slots.some((choice) => choice.slot === slot) === true;
    expect(["prod-cloud", "prod-office"].map((name) => filled(name, "loadBalancer"))).toEqual([
      false,
      true,
    ]);
    const served = (target: string): unknown =>
      plans.get(target)?.cluster.providers.find(({ serves }) => serves === "postgres")?.component;
    expect(served("prod-cloud")).toBe("external-postgres");
    expect(served("prod-office")).toBe("postgres-server");
  });

  it("is where its settings were written", () => {
    const path = ["loadBalancer", "addresses"];
    const written = (target: string): string =>
      formatPath(plans.get(target)?.plan.originOf(path) ?? []);
    expect(written("prod-office")).toBe("overrides.prod.clusters.office.loadBalancer.addresses");
    expect(written("dev")).toBe("loadBalancer.addresses");
  });

  it.each([
    { name: "a cluster of another environment", clusters: { lab: {} }, at: "lab" },
    {
      name: "a key that is no setting",
      clusters: { office: { domain: "a.example.com" } },
      at: "office.domain",
    },
    {
      name: "a value of the wrong kind",
      clusters: { office: { loadBalancer: { kind: "metallb", addresses: "nowhere" } } },
      at: "office.loadBalancer.addresses",
    },
  ])("is refused for $name", ({ clusters, at }) => {
    const { diagnostics } = parseDefinition(withOverride(clusters), registry);
    expect(diagnostics.map(({ path }) => formatPath(path))).toContain(
      `overrides.prod.clusters.${at}`,
    );
  });
});
