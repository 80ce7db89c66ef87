// Messages of encoding/json of Go 1.26, asked by a program that unmarshals each text.

import { expect, it } from "vitest";

import { jsonSyntaxError } from "./json-syntax.ts";

it.each([
  ["", "unexpected end of JSON input"],
  ['{"a":[1', "unexpected end of JSON input"],
  ['{"a":"b', "unexpected end of JSON input"],
  ["{'a':1}", String.raw`invalid character '\'' looking for beginning of object key string`],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
  ["[1 2]", "invalid character '2' after array element"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ["{} {}", "invalid character '{' after top-level value"],
  ["kind: Pod", "invalid character 'k' looking for beginning of value"],
  ["é", "invalid character 'Ã' looking for beginning of value"],
  ["\u0000", String.raw`invalid character '\x00' looking for beginning of value`],
  ['{"a":"\t"}', String.raw`invalid character '\t' in string literal`],
  [String.raw`"\x"`, "invalid character 'x' in string escape code"],
  [String.raw`"\u12g4"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
  ["-", "invalid character ' ' in numeric literal"],
  ["01", "invalid character '1' after top-level value"],
  ["1.", "invalid character ' ' after decimal point in numeric literal"],
  ["1e+", "invalid character ' ' in exponent of numeric literal"],
  ["nul", "invalid character ' ' in literal null (expecting 'l')"],
  ["tru}", "invalid character '}' in literal true (expecting 'e')"],
  ["[".repeat(10_001), "invalid character '[' exceeded max depth"],
  ["[".repeat(10_000), "unexpected end of JSON input"],
])("of %j", (text, message) => {
  expect(jsonSyntaxError(text)).toBe(message);
});
