// Whole platforms as people write them: the types accept them (tsc reads this file too) and so does the parser.

import { describe, expect, it } from "vitest";

import { deepEqual, formatPath, invariant } from "../src/core/index.ts";
import { deriveGraph } from "../src/graph/index.ts";
import type { PlannedCluster } from "../src/model/index.ts";
import {
  merge,
  parseDefinition,
  resolvePlan,
  SHIPPED_CATALOGUE,
  updateLock,
} from "../src/model/index.ts";
import { homeLab } from "./fixtures/shapes/home-lab.ts";
import { hybrid } from "./fixtures/shapes/hybrid.ts";
import { definePlatform, testRegistry } from "./fixtures/test-registry.ts";

describe.each([
  ["hybrid", hybrid],
  ["home lab", homeLab],
])("the %s platform", (_name, platform) => {
  it("is accepted as written", () => {
    expect(parseDefinition(platform, testRegistry).diagnostics).toEqual([]);
  });

  it("is plain data: JSON says the same", () => {
    const copy: unknown = JSON.parse(JSON.stringify(platform));
    expect(copy).toEqual(platform);
    expect(parseDefinition(copy, testRegistry).diagnostics).toEqual([]);
  });
});

describe.each([
  ["hybrid", hybrid, "dev"],
  ["hybrid", hybrid, "prod"],
  ["home lab", homeLab, "home"],
  ["home lab", homeLab, "prod"],
])("the graph of the %s platform", (_name, platform, environment) => {
  it("has exactly one flow for every need of every app, and no loose end", () => {
    for (const cluster of clustersOf(platform, environment)) {
      const { value: graph, diagnostics } = deriveGraph(cluster);
      expect(diagnostics).toEqual([]);
      const needs = cluster.apps.flatMap(({ bindings }) => bindings.map(({ origin }) => origin));
      for (const need of needs) {
        const flows = graph?.flows.filter(({ origin }) => deepEqual(origin, need)) ?? [];
        expect(flows, formatPath(need)).toHaveLength(1);
      }
      expect(needs.length).toBeGreaterThan(0);
    }
  });

  it("loses exactly the flows of a need that is taken away", () => {
    const names = (raw: unknown): string[] =>
      clustersOf(raw, environment).flatMap(
        (cluster) =>
          deriveGraph(cluster).value?.flows.map(({ name }) => `${cluster.target} ${name}`) ?? [],
      );
    const before = names(platform);
    for (const [app, { needs = [] }] of Object.entries(platform.apps ?? {})) {
      for (const need of needs) {
        const fewer = { apps: { [app]: { needs: needs.filter((other) => other !== need) } } };
        const gone = before.filter((name) => !names(merge(platform, fewer)).includes(name));
        const targets = clustersOf(platform, environment).map(({ target }) => target);
        expect(gone).toEqual(targets.map((target) => `${target} ${app}-to-${need}`));
      }
    }
  });
});

function clustersOf(raw: unknown, environment: string): readonly PlannedCluster[] {
  const { value } = parseDefinition(raw, testRegistry);
  invariant(value, "the definition is right");
  const lock = updateLock(value, SHIPPED_CATALOGUE, undefined).value?.lock;
  const plan = resolvePlan(value, environment, lock, testRegistry);
  invariant(plan.value, JSON.stringify(plan.diagnostics));
  return plan.value.clusters;
}

describe("the types", () => {
  it("refuse what the parser would refuse", () => {
    const wrong = definePlatform({
      ...hybrid,
      // @ts-expect-error no such component
      metrics: { kind: "promethius" },
      // @ts-expect-error no such option
      logs: { kind: "loki", buckets: "x" },
      // @ts-expect-error no such level
      roles: { me: { level: "god", groups: ["x"] } },
      overrides: {
        // @ts-expect-error sites are the same everywhere
        prod: { sites: {} },
      },
    });
    const refused = parseDefinition(wrong, testRegistry).diagnostics.map(({ path }) => path);
    expect(refused.map((path) => path?.[0])).toEqual(
      expect.arrayContaining(["metrics", "logs", "roles", "overrides"]),
    );
  });

  it("let an override change one option, remove a slot and replace a component", () => {
    const platform = definePlatform({
      ...homeLab,
      overrides: {
        prod: {
          backup: { nightly: { keep: "60d" } },
          metrics: null,
          providers: { postgres: { kind: "postgres-server" } },
          apps: { web: { env: { LOG_LEVEL: null } } },
        },
      },
    });
    expect(parseDefinition(platform, testRegistry).diagnostics).toEqual([]);
  });
});
