// Regular expressions as Go 1.26 takes or refuses them: its own answers.

import { describe, expect, it } from "vitest";
import { patternFault } from "./pattern-fault.ts";

describe("a pattern", () => {
  const rows = [
    { pattern: "(", fault: "missing closing ): `(`" },
    { pattern: "a(b", fault: "missing closing ): `a(b`" },
    { pattern: "a)b", fault: "unexpected ): `a)b`" },
    { pattern: "*", fault: "missing argument to repetition operator: `*`" },
    { pattern: "a**", fault: "invalid nested repetition operator: `**`" },
    { pattern: "a+*", fault: "invalid nested repetition operator: `+*`" },
    { pattern: "a{2}{3}", fault: "invalid nested repetition operator: `{2}{3}`" },
    { pattern: "[a", fault: "missing closing ]: `[a`" },
    { pattern: "[z-a]", fault: "invalid character class range: `z-a`" },
    { pattern: "[]a]", fault: undefined },
    { pattern: "\\", fault: "trailing backslash at end of expression: ``" },
    { pattern: "\\8", fault: "invalid escape sequence: `\\8`" },
    { pattern: "(?P<n>a)", fault: undefined },
    { pattern: "(?P<>a)", fault: "invalid named capture: `(?P<>`" },
    { pattern: "(?P<name", fault: "invalid named capture: `(?P<name`" },
    { pattern: "(?=a)", fault: "invalid or unsupported Perl syntax: `(?=`" },
    { pattern: "(?!a)", fault: "invalid or unsupported Perl syntax: `(?!`" },
    { pattern: "(?<!a)", fault: "invalid named capture: `(?<!a)`" },
    { pattern: "(?<n>a)", fault: undefined },
    { pattern: "(?>a)", fault: "invalid or unsupported Perl syntax: `(?>`" },
    { pattern: "\\1", fault: "invalid escape sequence: `\\1`" },
    { pattern: "a{1001}", fault: "invalid repeat count: `{1001}`" },
    { pattern: "a{2,1}", fault: "invalid repeat count: `{2,1}`" },
    { pattern: "a{,2}", fault: undefined },
    { pattern: "{2}", fault: "missing argument to repetition operator: `{2}`" },
    { pattern: "??", fault: "missing argument to repetition operator: `??`" },
    { pattern: "(a{1000}){1000}", fault: "invalid repeat count: `{1000}`" },
    { pattern: "(?z)", fault: "invalid or unsupported Perl syntax: `(?z`" },
    { pattern: "(?i-)", fault: "invalid or unsupported Perl syntax: `(?i-)`" },
    { pattern: "(?i)", fault: undefined },
    { pattern: "\\p{Foo}", fault: "invalid character class range: `\\p{Foo}`" },
    { pattern: "\\p{Greek}", fault: undefined },
    { pattern: "[[:foo:]]", fault: "invalid character class range: `[:foo:]`" },
    { pattern: "[[:^alpha:]]", fault: undefined },
    { pattern: "\\x4", fault: "invalid escape sequence: `\\x4`" },
    { pattern: "\\x{110000}", fault: "invalid escape sequence: `\\x{110000`" },
    { pattern: "\\x{41", fault: "invalid escape sequence: `\\x{41`" },
    { pattern: "\\x{41}", fault: undefined },
    { pattern: "\\Qab", fault: undefined },
    { pattern: "\\Z", fault: "invalid escape sequence: `\\Z`" },
    { pattern: "\\z", fault: undefined },
    { pattern: "[a-\\d]", fault: "invalid escape sequence: `\\d`" },
    { pattern: "[\\", fault: "trailing backslash at end of expression: ``" },
    { pattern: "\\é", fault: "invalid escape sequence: `\\é`" },
    { pattern: "\\P?", fault: "invalid character class range: `\\P?`" },
  ];
  it.each(rows)("$pattern", ({ pattern, fault }) => {
    const said = fault === undefined ? undefined : `error parsing regexp: ${fault}`;
    expect(patternFault(pattern)).toBe(said);
  });
});
