// A platform that comes phase by phase (PHS-01): each has what the ones before it have, nothing of it needs what comes later, and
// what has come runs well before anything else is there.

import { beforeAll, describe, expect, it } from "vitest";

import { compile, PHASES, phasesOf, type Phase } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { isDelivered } from "../../src/delivery/index.ts";
import type { Compiled, CompiledTarget } from "../../src/model/index.ts";
import { compileForUp, type CompiledBlueprint } from "../platform/compiled-blueprint.ts";
import { bootVirtually, deliverAll } from "../platform/virtual-platform.ts";
import { stuckPods } from "./coming-up.ts";
import { shippedBlueprint } from "./shipped-blueprints.ts";

const { definition, lock } = shippedBlueprint("home-lab");

function upTo(until: Phase): Compiled {
  const { value } = compile({
    definition,
    registry,
    lock,
    sealed: {},
    environments: ["dev"],
    until,
  });
  if (value === undefined) throw new Error("the blueprint compiles");
  return value;
}

const partsOf = ({ objects, charts }: CompiledTarget): readonly string[] => [
  ...new Set(objects.map(({ area }) => area)),
  ...charts.map(({ name }) => `chart ${name}`),
];

describe("the phases of home-lab", () => {
  const targets = new Map<Phase, CompiledTarget>();
  beforeAll(() => {
    for (const phase of PHASES) {
      const [target] = upTo(phase).targets;
      if (target !== undefined) targets.set(phase, target);
    }
  });
  const parts = (phase: Phase): readonly string[] => {
    const target = targets.get(phase);
    return target === undefined ? [] : partsOf(target);
  };

  it("each add to the one before", () => {
    PHASES.forEach((phase, index) => {
      const before = parts(PHASES[index - 1] ?? phase);
      expect(parts(phase)).toEqual(expect.arrayContaining([...before]));
    });
    const all = compile({ definition, registry, lock, sealed: {}, environments: ["dev"] });
    const [whole] = all.value?.targets ?? [];
    expect(parts("apps")).toEqual(whole && partsOf(whole));
  });

  it.each([
    ["security", "chart vault", "chart envoy-gateway"],
    ["core", "chart istiod", "chart prometheus"],
    ["observability", "chart prometheus", "apps/app1"],
    ["apps", "apps/app1", "nothing"],
  ] as const)("%s brings %s and not yet %s", (phase, there, later) => {
    expect(parts(phase)).toContain(there);
    expect(parts(phase)).not.toContain(later);
  });

  it("never need a chart that comes later", () => {
    const target = targets.get("apps");
    const { folders, charts } = target ? phasesOf(target, registry) : {};
    expect(folders?.get("infrastructure/networking")).toBe("core");
    expect(charts?.get("istio-base")).toBe("core");
  });
});

it("what has come up to a phase runs well by itself", async () => {
  const small = shippedBlueprint("local-first");
  const whole = await compileForUp(small.definition, small.lock, ["dev"]);
  const compiled: CompiledBlueprint = { ...whole, ...whole.until("core") };
  const world = await bootVirtually(compiled, "local-first/core");
  try {
    const { applications } = await deliverAll(world, world.platform.expected);
    expect(applications.filter((one) => !isDelivered(one))).toEqual([]);
    expect(applications.length).toBeGreaterThan(10);
    expect(await stuckPods(world)).toEqual([]);
    const [gateway] = await world.platform.targets.reduce<Promise<readonly object[]>>(
      async (found, { cluster }) => [
        ...(await found),
        ...(await cluster.api.list({ apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway" }))
          .items,
      ],
      Promise.resolve([]),
    );
    expect(JSON.stringify(gateway)).toContain('"type":"Programmed","status":"True"');
  } finally {
    world.stop();
  }
});
