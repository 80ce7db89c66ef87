// The merge law, row by row and as properties, and where merged values say they come from.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { formatPath, parsePath, type Json } from "../core/index.ts";
import { merge, originsOf, removedPaths } from "./merge.ts";

const ROWS: readonly (readonly [string, unknown, unknown, unknown])[] = [
  [
    "records merge deeply",
    { a: { b: 1, c: 2 } },
    { a: { c: 3, d: 4 } },
    { a: { b: 1, c: 3, d: 4 } },
  ],
  ["lists replace", { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
  ["plain values replace", { a: 1 }, { a: "x" }, { a: "x" }],
  ["null removes", { a: 1, b: 2 }, { a: null }, { b: 2 }],
  ["null removes inside", { a: { b: 1 } }, { a: { b: null } }, { a: {} }],
  ["null of nothing adds nothing", {}, { a: { b: null } }, { a: {} }],
  ["a list's null stays", { a: [1] }, { a: [null] }, { a: [null] }],
  [
    "the same kind merges",
    { a: { kind: "x", b: 1 } },
    { a: { kind: "x", c: 2 } },
    { a: { kind: "x", b: 1, c: 2 } },
  ],
  [
    "a changed kind replaces",
    { a: { kind: "x", b: 1 } },
    { a: { kind: "y", c: null } },
    { a: { kind: "y" } },
  ],
  [
    "a kind where there was none replaces",
    { a: { b: 1 } },
    { a: { kind: "y" } },
    { a: { kind: "y" } },
  ],
  ["a record over a list", { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ["undefined keeps", { a: 1 }, { a: undefined }, { a: 1 }],
];

const json = fc.jsonValue({ maxDepth: 4 });
/** Records of one shape, without null and without kind: what two people override in the same definition. */
const settings = fc.record(
  {
    apps: fc.dictionary(
      fc.constantFrom("a", "b", "c"),
      fc.record({ n: fc.nat(), l: fc.array(fc.nat()) }, { requiredKeys: [] }),
    ),
    labels: fc.dictionary(fc.constantFrom("a", "b"), fc.string()),
  },
  { requiredKeys: [] },
);

describe("merge", () => {
  it.each(ROWS)("%s", (_name, base, override, expected) => {
    expect(merge(base, override)).toEqual(expected);
  });

  it("keeps the keys of __proto__ as data", () => {
    const merged = merge(JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"b":2}}'));
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1,"b":2}}');
  });

  it("nothing laid over changes nothing", () => {
    fc.assert(
      fc.property(json, (base) => {
        expect(merge(base, undefined)).toBe(base);
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (base) => {
        expect(merge(base, {})).toEqual(base);
      }),
    );
  });

  it("twice is once", () => {
    fc.assert(
      fc.property(json, json, (base, override) => {
        const once = merge(base, override);
        expect(merge(once, override)).toEqual(once);
      }),
    );
  });

  it("leaves both sides as they were", () => {
    fc.assert(
      fc.property(json, json, (base, override) => {
        const before = JSON.stringify([base, override]);
        merge(base, override);
        expect(JSON.stringify([base, override])).toBe(before);
      }),
    );
  });

  it("groups as one likes where nothing is removed and no kind changes", () => {
    fc.assert(
      fc.property(settings, settings, settings, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  it("does not group freely where something is removed: overrides are applied one after the other", () => {
    const [a, b, c] = [{ x: 1 }, { y: 2 }, { x: null }];
    expect(merge(merge(a, b), c)).toEqual({ y: 2 });
    expect(merge(a, merge(b, c))).toEqual({ x: 1, y: 2 });
  });
});

describe("originsOf", () => {
  const base = { db: { kind: "a", size: 1, tags: ["x"] }, gone: { host: "h" }, keep: { n: 1 } };
  const override = {
    db: { kind: "b", size: 2 },
    gone: { host: null },
    keep: { m: 2 },
    added: { n: { deep: 1 } },
    list: [{ n: 1 }],
  };
  const originOf = originsOf(base, override, ["overrides", "prod"]);

  it.each([
    ["keep.n", "keep.n"],
    ["keep.m", "overrides.prod.keep.m"],
    ["keep", "keep"],
    ["keep.missing", "keep.missing"],
    ["db", "overrides.prod.db"],
    ["db.tags", "overrides.prod.db.tags"],
    ["gone.host", "overrides.prod.gone.host"],
    ["added.n.deep", "overrides.prod.added.n.deep"],
    ["added.missing", "overrides.prod.added.missing"],
    ["list[0].n", "overrides.prod.list[0].n"],
    ["elsewhere", "elsewhere"],
  ])("%s is written at %s", (path, expected) => {
    expect(formatPath(originOf(parsePath(path) ?? []))).toBe(expected);
  });

  it("names the place that holds the merged value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (a, b) => {
        const merged = merge(a, b);
        const origin = originsOf(a, b, ["over"]);
        for (const { path, value } of leaves(merged, [])) {
          const source = origin(path);
          const side = source[0] === "over" && source.length > path.length ? b : a;
          expect(at(side, path)).toEqual(value);
        }
      }),
    );
  });
});

describe("removedPaths", () => {
  it("finds each null of a record", () => {
    const override = { a: null, b: { c: null, d: 1 }, e: [null] };
    expect(removedPaths(override).map(formatPath)).toEqual(["a", "b.c"]);
  });
});

type Leaf = { readonly path: string[]; readonly value: unknown };

function leaves(value: unknown, path: string[]): Leaf[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]));
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Record<string, Json>)[key], value);
}
