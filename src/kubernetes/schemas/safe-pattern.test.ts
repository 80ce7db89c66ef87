import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "./safe-pattern.ts";

/** RE2 pattern, texts that match, texts that do not. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["^[a-z]+$", ["abc"], ["ABC", ""]],
  [String.raw`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`, ["a-b"], ["-a"]],
  [String.raw`^\-?\d+\_x$`, ["-1_x"], ["1-x"]],
  ["^(?i)(Trace|Debug)?$", ["", "DEBUG", "trace"], ["other"]],
  ["(?i)^on$", ["ON"], ["off"]],
  ["(?s)^a.b$", ["a\nb"], ["ab"]],
  ["^[[:alpha:]_][[:alnum:]]*$", ["a1", "_"], ["1a"]],
  [String.raw`\A\d+\z`, ["12"], ["12a"]],
  ["^(?P<major>[0-9]+)$", ["1"], ["x"]],
  [String.raw`^\Qa.b\E+$`, ["a.b"], ["axb"]],
  [String.raw`^\pL+$`, ["é"], ["1"]],
  [String.raw`^\\A$`, [String.raw`\A`], ["A"]],
];

describe("compilePattern", () => {
  it.each(CASES)("%s", (pattern, good, bad) => {
    const expression = compilePattern(pattern);
    expect(expression).toBeDefined();
    for (const text of good) expect(expression?.test(text), text).toBe(true);
    for (const text of bad) expect(expression?.test(text), text).toBe(false);
  });

  it.each(["(", "[", "a{2,1}", "(?<a>x)(?<a>y)", "^((?i)a|b)$"])("skips %s", (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  });

  it("never throws, and gives the same answer twice", () => {
    fc.assert(
      fc.property(fc.string(), (pattern) => {
        expect(compilePattern(pattern)).toBe(compilePattern(pattern));
      }),
    );
  });
});
