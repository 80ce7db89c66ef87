// Inputs and results of kubernetes third_party/forked/golang/expansion/expand_test.go @490ffa4.

import { expect, test } from "vitest";

import { expandVariables } from "./expand-variables.ts";

const KNOWN: Readonly<Record<string, string>> = {
  VAR_A: "A",
  VAR_B: "B",
  VAR_C: "C",
  VAR_REF: "$(VAR_A)",
  VAR_EMPTY: "",
};

test.each([
  { name: "whole string", input: "$(VAR_A)", want: "A" },
  { name: "repeat", input: "$(VAR_A)-$(VAR_A)", want: "A-A" },
  { name: "middle", input: "___$(VAR_B)___", want: "___B___" },
  { name: "compound", input: "$(VAR_A)_$(VAR_B)_$(VAR_C)", want: "A_B_C" },
  { name: "escape and expand", input: "$$(VAR_B)_$(VAR_A)", want: "$(VAR_B)_A" },
  { name: "compound escape", input: "$$(VAR_A)_$$(VAR_B)", want: "$(VAR_A)_$(VAR_B)" },
  { name: "mixed in escapes", input: "f000-$$VAR_A", want: "f000-$VAR_A" },
  { name: "backslash escape ignored", input: "foo\\$(VAR_C)bar", want: "foo\\Cbar" },
  { name: "nested references", input: "$(VAR_A$(VAR_B))", want: "$(VAR_A$(VAR_B))" },
  { name: "nested, unterminated", input: "$(VAR_A$(VAR_B)", want: "$(VAR_A$(VAR_B)" },
  {
    name: "value is a reference",
    input: "%%$(VAR_REF)--$(VAR_REF)%%",
    want: "%%$(VAR_A)--$(VAR_A)%%",
  },
  { name: "empty variable", input: "foo$(VAR_EMPTY)bar", want: "foobar" },
  { name: "unterminated expression", input: "foo$(VAR_Awhoops!", want: "foo$(VAR_Awhoops!" },
  { name: "expression without operator", input: "f00__(VAR_A)__", want: "f00__(VAR_A)__" },
  { name: "special variables of a shell", input: "$?_boo_$!", want: "$?_boo_$!" },
  { name: "bare operator", input: "$VAR_A", want: "$VAR_A" },
  { name: "undefined", input: "$(VAR_DNE)", want: "$(VAR_DNE)" },
  { name: "even operators, undefined", input: "$$$$$$(BIG_MONEY)", want: "$$$(BIG_MONEY)" },
  { name: "even operators, defined", input: "$$$$$$(VAR_A)", want: "$$$(VAR_A)" },
  { name: "odd operators, undefined", input: "$$$$$$$(GOOD_ODDS)", want: "$$$$(GOOD_ODDS)" },
  { name: "odd operators, defined", input: "$$$$$$$(VAR_A)", want: "$$$A" },
  { name: "missing open expression", input: "$VAR_A)", want: "$VAR_A)" },
  { name: "shell syntax", input: "${VAR_A}", want: "${VAR_A}" },
  { name: "trailing incomplete expression", input: "$(VAR_B)_______$(A", want: "B_______$(A" },
  { name: "trailing without content", input: "$(VAR_C)_______$(", want: "C_______$(" },
  { name: "operator at the end", input: "$(VAR_A)foobarzab$", want: "Afoobarzab$" },
  { name: "many in the middle", input: "--$($($($($--", want: "--$($($($($--" },
  { name: "many at the beginning", input: "$($($($($--foo$(", want: "$($($($($--foo$(" },
  { name: "many at the end", input: "foo0--$($($($(", want: "foo0--$($($($(" },
  { name: "operators in names", input: "$(foo$$var)", want: "$(foo$$var)" },
])("$name", ({ input, want }) => {
  expect(expandVariables(input, (name) => KNOWN[name])).toBe(want);
});
