import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  difference,
  EMPTY_SET,
  intersection,
  isEmptySet,
  members,
  recursiveDifference,
  sameSet,
  union,
} from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";

const element = fc.constantFrom("f:a", "f:b", 'k:{"name":"x"}', 'v:"y"');
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 3 }), { maxLength: 6 });

/** The set with exactly these members. */
function setOf(list: readonly (readonly string[])[]): FieldSet {
  return list.map((path) => single(path)).reduce((all, one) => union(all, one), EMPTY_SET);
}

function single([first = "", ...rest]: readonly string[]): FieldSet {
  return { [first]: rest.length === 0 ? EMPTY_SET : single(rest) };
}

const texts = (set: FieldSet): string[] =>
  members(set)
    .map((path) => path.join("/"))
    .toSorted();
const unique = (list: readonly (readonly string[])[]): string[] =>
  [...new Set(list.map((path) => path.join("/")))].toSorted();

describe("field sets", () => {
  it("hold exactly the members put in", () => {
    fc.assert(
      fc.property(paths, (list) => {
        expect(texts(setOf(list))).toEqual(unique(list));
      }),
    );
  });

  it("are sets: union, intersection and difference by member", () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [setOf(left), setOf(right)];
        const inRight = new Set(unique(right));
        expect(texts(union(a, b))).toEqual(unique([...left, ...right]));
        expect(texts(intersection(a, b))).toEqual(unique(left).filter((text) => inRight.has(text)));
        expect(texts(difference(a, b))).toEqual(unique(left).filter((text) => !inRight.has(text)));
      }),
    );
  });

  it("give the first operand back when an operation changes nothing", () => {
    fc.assert(
      fc.property(paths, (list) => {
        const set = setOf(list);
        expect(difference(set, { "f:other": EMPTY_SET })).toBe(set);
        expect(union(set, set)).toBe(set);
        expect(isEmptySet(difference(set, set))).toBe(true);
        expect(sameSet(set, setOf(list.toReversed()))).toBe(true);
      }),
    );
  });

  it("take everything below a member away, recursively", () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const gone = unique(right);
        const kept = unique(left).filter(
          (text) => !gone.some((prefix) => text === prefix || text.startsWith(`${prefix}/`)),
        );
        expect(texts(recursiveDifference(setOf(left), setOf(right)))).toEqual(kept);
      }),
    );
  });
});
