// The order of a blueprint's parts, as compiled: nobody's pods before the mesh that changes them, nothing before its kinds.

import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { compile } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { invariant } from "../../src/core/index.ts";
import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import { shippedBlueprint } from "../blueprints/shipped-blueprints.ts";

interface Placed {
  readonly wave: number;
  readonly awaited: string | undefined;
}

const places = new Map<string, Placed>();
const meshed: string[] = [];
beforeAll(() => {
  const { definition, lock } = shippedBlueprint("greenfield");
  const { value } = compile({ definition, registry, lock, sealed: {} });
  invariant(value !== undefined, "greenfield compiles");
  for (const [file, text] of value.tree) {
    const [, name] = /^clusters\/prod\/applications\/(.+)\.yaml$/.exec(file) ?? [];
    if (name === undefined) continue;
    const { annotations = {} } = (parse(text) as KubernetesObject).metadata;
    places.set(name, {
      wave: Number(annotations["argocd.argoproj.io/sync-wave"]),
      awaited: annotations["keelson.dev/awaited"],
    });
  }
  const prod = value.targets.find(({ cluster }) => cluster.target === "prod");
  const apps = prod?.cluster.apps.map(({ name }) => name) ?? [];
  const injected = prod?.cluster.workloads.filter((one) => one.injectedBy?.includes("istio"));
  meshed.push(...apps.filter((app) => injected?.some(({ name }) => name === app)));
});

const waveOf = (name: string): number => places.get(name)?.wave ?? NaN;

describe("the order of greenfield", () => {
  it("has the mesh well before the first pod it changes is made", () => {
    expect(meshed.length).toBeGreaterThan(0);
    expect(places.get("chart-istiod")?.awaited).toBe("well");
    for (const app of meshed) expect(waveOf(app)).toBeGreaterThan(waveOf("chart-istiod"));
  });

  it.each([
    ["networking", "chart-istio-base"],
    ["networking", "chart-gateway-api"],
    ["observability", "chart-prometheus"],
    ["data", "chart-cloudnative-pg"],
    ["messaging", "chart-strimzi-kafka-operator"],
    ["chart-istiod", "security"],
    ["chart-redis-operator", "chart-istiod"],
  ])("brings %s after %s", (later, earlier) => {
    expect(waveOf(later)).toBeGreaterThan(waveOf(earlier));
    expect(places.get(earlier)?.awaited).toBeDefined();
  });

  it("lets nothing wait for what nobody needs", () => {
    const last = Math.max(...[...places.values()].map(({ wave }) => wave));
    const unneeded = [...places.values()].filter(({ awaited }) => awaited === undefined);
    expect(new Set(unneeded.map(({ wave }) => wave))).toEqual(new Set([last]));
  });
});
