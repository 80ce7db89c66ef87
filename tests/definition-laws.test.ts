// What a definition promises whatever is in it: the order of keys decides nothing, the same definition gives the same bytes, and an
// environment differs from its neighbours only where it says so.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { compile } from "../src/compiler/index.ts";
import { registry } from "../src/components/index.ts";
import { harbour } from "../src/components/testing/definitions.ts";
import { canonicalJson, isRecord } from "../src/core/index.ts";
import type { Compiled } from "../src/model/index.ts";
import { merge, parseDefinition, SHIPPED_CATALOGUE, updateLock } from "../src/model/index.ts";

const LOCK = lockOf(harbour);

function lockOf(definition: unknown) {
  const parsed = parseDefinition(definition, registry).value;
  const lock = parsed && updateLock(parsed, SHIPPED_CATALOGUE, undefined).value?.lock;
  if (lock === undefined) throw new Error("the definition can be read");
  return lock;
}

function compiled(definition: unknown): Compiled {
  const { value, diagnostics } = compile({ definition, registry, lock: LOCK, sealed: {} });
  if (value === undefined) throw new Error(JSON.stringify(diagnostics));
  return value;
}

const treeOf = (definition: unknown): ReadonlyMap<string, string> => compiled(definition).tree;

/** What each environment gets. */
const objectsOf = ({ targets }: Compiled): Readonly<Record<string, string>> =>
  Object.fromEntries(
    targets.map(({ cluster, objects, charts }) => [
      cluster.environment,
      canonicalJson([objects.map(({ object }) => object), charts.map(({ values }) => values)]),
    ]),
  );

/** Lists keep their order: it means something there. */
function shuffled(value: unknown, turn: (count: number) => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, turn));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item, turn)] as const);
  const mixed: (readonly [string, unknown])[] = [];
  for (const entry of entries) mixed.splice(turn(mixed.length + 1), 0, entry);
  return Object.fromEntries(mixed);
}

const TREE = treeOf(harbour);

describe("the order of keys", () => {
  it("decides nothing", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const turn = (count: number): number => Number(numbers.next().value ?? 0) % count;
        const tree = treeOf(shuffled(harbour, turn));
        expect([...tree.keys()]).toEqual([...TREE.keys()]);
        for (const [path, text] of tree) expect(text, path).toBe(TREE.get(path));
      }),
      { numRuns: 4 },
    );
  });
});

describe("an environment", () => {
  it.each([
    { name: "replicas", to: { apps: { pricing: { resources: { requests: { cpu: "300m" } } } } } },
    { name: "retention", to: { backup: { databases: { keep: "30d" } } } },
    { name: "a label", to: { labels: { "cost-centre": "harbour" } } },
    { name: "a slot", to: { mesh: { kind: "istio" } } },
  ])("keeps its own $name to itself", ({ to }) => {
    const before = objectsOf(compiled(harbour));
    const after = objectsOf(compiled(merge(harbour, { overrides: { prod: to } })));
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(changed).toEqual(["prod"]);
  });
});
