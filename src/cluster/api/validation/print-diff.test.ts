// Differences of texts, as Python's and Go's difflib print them without headers.

import { describe, expect, it } from "vitest";
import { printDiff } from "./print-diff.ts";

describe("the difference of two texts", () => {
  const lines = (text: string): string => text.split("").join("\n");
  const rows = [
    { name: "that are equal", a: "abc", b: "abc", diff: "" },
    { name: "of one line each", a: "a", b: "b", diff: "@@ -1 +1 @@\n-a\n+b\n" },
    { name: "with a line more", a: "ab", b: "aXb", diff: "@@ -1,2 +1,3 @@\n a\n+X\n b\n" },
    { name: "with a line less", a: "abc", b: "ac", diff: "@@ -1,3 +1,2 @@\n a\n-b\n c\n" },
    {
      name: "with changes close to each other",
      a: "a123456b",
      b: "A123456B",
      diff: "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n",
    },
    {
      name: "with changes far from each other",
      a: "a1234567b",
      b: "A1234567B",
      diff: "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n",
    },
    {
      name: "where the longest block decides",
      a: "abxabcd",
      b: "abcdab",
      diff: "@@ -1,7 +1,6 @@\n-a\n-b\n-x\n a\n b\n c\n d\n+a\n+b\n",
    },
  ];
  it.each(rows)("$name", ({ a, b, diff }) => {
    expect(printDiff(lines(a), lines(b))).toBe(diff);
  });
});
