// The types a person meets: literals and helpers mean the same, wrong ones are refused by the compiler, and what the types
// accept the registry knows.

import { describe, expect, expectTypeOf, it } from "vitest";

import { parseDefinition, type PlatformDefinition } from "../model/index.ts";
import { argocd, k3d, registry, type ShippedKinds } from "./index.ts";
import { harbour, inherited } from "./testing/definitions.ts";

type Platform = PlatformDefinition<ShippedKinds>;

describe("helpers", () => {
  it("return tagged data and nothing else", () => {
    expect(k3d({ site: "laptop", agents: 1 })).toEqual({ kind: "k3d", site: "laptop", agents: 1 });
    expect(argocd({ repository: "https://git.example.com/a" })).toEqual({
      kind: "argocd",
      repository: "https://git.example.com/a",
    });
  });

  it("have the types of literals", () => {
    expectTypeOf({ kind: "k3d", site: "laptop" } as const).toExtend<Platform["clusters"][string]>();
    expectTypeOf(k3d({ site: "laptop" })).toExtend<Platform["clusters"][string]>();
    expectTypeOf({ kind: "k3d", agents: "two" }).not.toExtend<Platform["clusters"][string]>();
    expectTypeOf({ kind: "flux" } as const).not.toExtend<NonNullable<Platform["delivery"]>>();
    expectTypeOf<NonNullable<Platform["ingress"]>["kind"]>().toEqualTypeOf<
      "nginx-gateway-fabric" | "envoy-gateway" | "ingress-nginx" | "istio-gateway"
    >();
  });
});

describe("registry", () => {
  it.each([harbour, inherited])("reads $name without a finding", (definition) => {
    expect(parseDefinition(definition, registry).diagnostics).toEqual([]);
  });

  it("fills only slots that exist, and every fallback", () => {
    const slots = new Set(registry.slots.map(({ name }) => name));
    for (const component of registry.components) {
      if (component.family === "slot") expect(slots).toContain(component.slot);
    }
    for (const { name, fallback } of registry.slots) {
      if (fallback === undefined) continue;
      const fillers = registry.components.filter(
        (component) => component.family === "slot" && component.slot === name,
      );
      expect(fillers.length).toBeGreaterThan(0);
    }
  });

  it("names each component once in its place", () => {
    const names = registry.components.map((component) =>
      [component.family, "slot" in component ? component.slot : "", component.name].join("/"),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it("prints a JSON Schema for every component's options", () => {
    for (const component of registry.components) {
      expect(component.options.jsonSchema()).toMatchObject({ type: "object" });
    }
  });
});
