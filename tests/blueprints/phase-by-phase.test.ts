// A platform that comes phase by phase (PHS-01): each has what the ones before it have, nothing of it needs what comes later, and
// what has come runs well before anything else is there.

import { beforeAll, describe, expect, it } from "vitest";

import { compile, PHASES, phasesOf, type Phase } from "../../src/compiler/index.ts";
import { describeLeft, laterApps, leftOf } from "../../src/cli/up/left-phases.ts";
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

  it.each([
    { phase: "security", later: ["app1"], says: "Left: core (", next: "--phase core" },
    {
      phase: "core",
      later: ["app1"],
      says: "Left: observability (",
      next: "--phase observability",
    },
    { phase: "observability", later: ["app1"], says: "Left: apps (", next: "keelson up\n" },
    { phase: "apps", later: [], says: "Nothing is left after apps", next: "" },
  ] as const)("say after $phase what is left, and whom nobody can open yet", (row) => {
    const [target, whole] = [targets.get(row.phase), targets.get("apps")];
    if (target === undefined || whole === undefined) throw new Error("it compiles");
    const all = { targets: [whole] };
    const left = leftOf({ targets: [target], whole: all });
    expect(describeLeft(row.phase, left)).toContain(row.says);
    expect(describeLeft(row.phase, left)).toContain(row.next);
    expect(Object.keys(left)).toEqual(PHASES.slice(PHASES.indexOf(row.phase) + 1));
    expect([...laterApps({ targets: [target], whole: all })]).toEqual(
      expect.arrayContaining([...row.later]),
    );
    expect(laterApps({ targets: [target], whole: all }).size > 0).toBe(row.later.length > 0);
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
