import { describe, expect, it } from "vitest";
import { applyJsonPatch, JsonPatchError } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";

describe("applyJsonPatch", () => {
  const document = { data: { a: "1", b: "2" }, list: [1, 2], "x/y": 1 };
  const cases: readonly { name: string; operations: unknown[]; result: unknown }[] = [
    {
      name: "all six operations",
      operations: [
        { op: "test", path: "/data/a", value: "1" },
        { op: "add", path: "/data/c", value: "3" },
        { op: "replace", path: "/data/a", value: "9" },
        { op: "remove", path: "/data/b" },
        { op: "copy", from: "/data/c", path: "/data/d" },
        { op: "move", from: "/data/c", path: "/data/e" },
      ],
      result: { data: { a: "9", d: "3", e: "3" }, list: [1, 2], "x/y": 1 },
    },
    {
      name: "list insert, append and remove",
      operations: [
        { op: "add", path: "/list/0", value: 0 },
        { op: "add", path: "/list/-", value: 3 },
        { op: "remove", path: "/list/1" },
      ],
      result: { ...document, list: [0, 2, 3] },
    },
    {
      name: "escaped pointers",
      operations: [{ op: "replace", path: "/x~1y", value: 2 }],
      result: { ...document, "x/y": 2 },
    },
    { name: "the whole document", operations: [{ op: "add", path: "", value: 7 }], result: 7 },
  ];
  it.each(cases)("$name", ({ operations, result }) => {
    expect(applyJsonPatch(document, operations)).toEqual(result);
  });

  it.each([
    { name: "failed test", operation: { op: "test", path: "/data/a", value: "2" } },
    { name: "replace of an absent key", operation: { op: "replace", path: "/none", value: 1 } },
    { name: "remove of an absent key", operation: { op: "remove", path: "/data/z" } },
    { name: "add below an absent parent", operation: { op: "add", path: "/none/a", value: 1 } },
    { name: "index out of range", operation: { op: "add", path: "/list/9", value: 1 } },
    { name: "unknown operation", operation: { op: "frob", path: "/data/a" } },
  ])("refuses: $name", ({ operation }) => {
    expect(() => applyJsonPatch(document, [operation])).toThrow(JsonPatchError);
  });
});

describe("applyMergePatch", () => {
  // The table of RFC 7396 appendix A.
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j + %j", (target, patch, result) => {
    expect(applyMergePatch(target, patch)).toEqual(result);
  });

  it("gives the same object back when nothing changes", () => {
    const target = { a: { b: 1 } };
    expect(applyMergePatch(target, { a: { b: 1, c: null } })).toBe(target);
  });
});
