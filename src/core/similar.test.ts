import fc from "fast-check";
import { expect, it } from "vitest";
import { closestTo, didYouMean, editDistance } from "./similar.ts";

it.each([
  ["", "", 0],
  ["", "abc", 3],
  ["kitten", "sitting", 3],
  ["orders", "oredrs", 1],
  ["ca", "abc", 3],
  ["argocd", "argo", 2],
])("%s to %s takes %d edits", (a, b, edits) => expect(editDistance(a, b)).toBe(edits));

it.each([
  ["oders", ["orders", "users"], "orders"],
  ["Orders", ["orders"], "orders"],
  ["prometeus", ["loki", "prometheus"], "prometheus"],
  ["cat", ["dog", "cut"], "cut"],
  ["ab", ["cd"], undefined],
  ["flux", ["argocd"], undefined],
  ["orders", ["orders"], undefined],
  ["", ["a"], "a"],
])("%s among %j is %s", (word, candidates, expected) => {
  expect(closestTo(word, candidates)).toBe(expected);
});

it("phrases a hint", () => {
  expect(didYouMean("oders", ["orders"])).toBe('did you mean "orders"?');
  expect(didYouMean("oders", [])).toBeUndefined();
});

it("is symmetric, zero only for equal words, and bounded by the longer word", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(editDistance(b, a)).toBe(distance);
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
