// Slots that fill themselves, each left empty: nothing of what would have filled it is emitted and the checks say what is missing,
// or the definition is refused with the reason.

import { describe, expect, it } from "vitest";

import { compile } from "../src/compiler/index.ts";
import { registry } from "../src/components/index.ts";
import { displayRef, refOf } from "../src/kubernetes/index.ts";
import { definitionJsonSchema, parseDefinition } from "../src/model/index.ts";
import { unexpectedFindings } from "./blueprints/findings.ts";
import {
  compileBlueprint,
  shippedBlueprint,
  type Blueprint,
} from "./blueprints/shipped-blueprints.ts";

interface Row {
  readonly slot: string;
  /** Codes of what the checks find. */
  readonly found: readonly string[];
  /** Of an object that is gone. */
  readonly without?: RegExp;
  /** The definition is refused. */
  readonly refused?: RegExp;
}

const ROWS: readonly Row[] = [
  { slot: "tenancy", found: [], refused: /tenancy cannot be left empty: everything else lives/ },
  { slot: "access", found: ["verify/missing-layer"], without: /^clusterrole\/tidewater-viewer$/ },
  {
    slot: "isolation",
    found: ["verify/missing-layer", "verify/open-network"],
    without: /^networkpolicy\/default-deny /,
  },
  { slot: "posture", found: [], refused: /posture cannot be left empty: namespaces admit/ },
  { slot: "priority", found: [], without: /^priorityclass\// },
  { slot: "gatewayApi", found: [], refused: /nginx-gateway-fabric needs gatewayApi/ },
  { slot: "nodeScaling", found: [] },
];

const HYBRID = shippedBlueprint("hybrid");

/** Its smaller environment alone. */
function over(more: object): Blueprint {
  const { recovery: _recovery, overrides: _overrides, ...definition } = HYBRID.definition;
  const environments = { dev: { clusters: ["lab"], scale: "single" as const } };
  return { ...HYBRID, definition: { ...definition, environments, ...more } };
}

function diagnosticsOf({ definition, lock }: Blueprint): string {
  const { diagnostics } = compile({ definition, registry, lock, sealed: {} });
  return diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n");
}

it("are all here", () => {
  const fillThemselves = registry.slots.filter(({ fallback }) => fallback !== undefined);
  expect(ROWS.map(({ slot }) => slot)).toEqual(fillThemselves.map(({ name }) => name));
});

describe.each(ROWS)("$slot: null", ({ slot, found, without, refused }) => {
  it("is refused, or leaves the slot empty", async () => {
    const emptied = over({ [slot]: null });
    if (refused !== undefined) {
      expect(diagnosticsOf(emptied)).toMatch(refused);
      return;
    }
    const compiled = compileBlueprint(emptied);
    const [target] = compiled.targets;
    expect(target?.cluster.slots.some((choice) => choice.slot === slot)).toBe(false);
    const names = target?.objects.map(({ object }) => displayRef(refOf(object))) ?? [];
    if (without !== undefined) {
      const usual = compileBlueprint(over({})).targets[0]?.objects ?? [];
      expect(usual.some(({ object }) => without.test(displayRef(refOf(object))))).toBe(true);
      expect(names.filter((name) => without.test(name))).toEqual([]);
    }
    const codes = (await unexpectedFindings(compiled)).map((one) => one.split(" ")[0] ?? "");
    expect([...new Set(codes)].toSorted()).toEqual(found);
  });
});

describe("an override", () => {
  const chosen = (definition: Blueprint["definition"]): readonly string[] => {
    const { targets } = compileBlueprint({ ...HYBRID, definition });
    return (targets[0]?.cluster.slots ?? []).map(({ slot }) => slot);
  };
  const dev = (slots: object) => over({ overrides: { dev: slots } }).definition;

  it("empties a slot that nobody wrote, without a word", () => {
    expect(chosen(dev({ priority: null }))).not.toContain("priority");
    expect(diagnosticsOf({ ...HYBRID, definition: dev({ priority: null }) })).toBe("");
  });

  it("fills again what the definition leaves empty", () => {
    const definition = { ...dev({ priority: { kind: "priority-classes" } }), priority: null };
    expect(chosen(definition)).toContain("priority");
  });

  it("of one cluster empties it there alone", () => {
    const overrides = { prod: { clusters: { office: { priority: null } } } };
    const { value } = parseDefinition({ ...HYBRID.definition, overrides }, registry);
    const prod = value?.environments.get("prod");
    expect(prod?.settings.emptied.has("priority")).toBe(false);
    expect(prod?.exceptions.get("office")?.settings.emptied.has("priority")).toBe(true);
  });
});

it("editors accept it where it is taken", () => {
  const { properties } = definitionJsonSchema(registry);
  const takesNull = (slot: string): boolean =>
    JSON.stringify((properties as Record<string, unknown>)[slot]).endsWith('{"type":"null"}]}');
  expect(ROWS.map(({ slot }) => slot).filter(takesNull)).toEqual([
    "access",
    "isolation",
    "priority",
    "gatewayApi",
    "nodeScaling",
  ]);
});
