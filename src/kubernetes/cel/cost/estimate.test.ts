// What rules are estimated to cost, without limits in the schema and with them. Cases from kubernetes
// staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/compilation_test.go @ v1.36.2 (TestCostEstimation). Its `has` cases
// say 0, which there means that nothing is compared; the function answers 1.

import { describe, expect, it } from "vitest";
import { fieldSchemaOf } from "../../schemas/openapi-schema.ts";
import { compileRulesOf } from "../rules/compile-rules.ts";
import { declaredSize } from "./declared-size.ts";

type Schema = Readonly<Record<string, unknown>>;
/** With the limit, or without one. */
type Limited = (max?: number) => Schema;

const FORMATS = ["duration", "date", "date-time"];

function plain(type: string): Schema {
  if (type === "int-or-string") return { "x-kubernetes-int-or-string": true };
  return FORMATS.includes(type) ? { type: "string", format: type } : { type };
}

const array =
  (items: Schema): Limited =>
  (maxItems) => ({ type: "array", items, maxItems });
const map =
  (additionalProperties: Schema): Limited =>
  (maxProperties) => ({ type: "object", additionalProperties, maxProperties });
const text =
  (rest: Schema = {}): Limited =>
  (maxLength) => ({ type: "string", maxLength, ...rest });

const STRING = plain("string");
const OBJECT = {
  type: "object",
  required: ["required"],
  properties: { required: STRING, optional: STRING },
};
const texts: Limited = (max) => array(text()(max))(max);
const nested: Limited = (max) => map(text()(max))(max);
const allMax: Limited = (max) => array(map({ ...OBJECT, maxProperties: max })(max))(max);
const oneMax: Limited = (max) => array(map(OBJECT)(max))();
const replaced: Limited = (max) => ({
  type: "object",
  properties: { str: text()(max), before: text()(2), after: text()(4) },
});
const split: Limited = (max) => ({
  type: "object",
  properties: { str: text()(max), separator: text()(max) },
});
const intOrString: Limited = (maxLength) => ({ ...plain("int-or-string"), maxLength });

const ARRAYS = array({ type: "array", items: plain("number") });
const OBJECTS = array(OBJECT);
const MAPS = array(map(plain("number"))());
const ALL = "self.all(x, true)";
const HAS = "has(self.x)";
const SECOND = 'self.all(x, x["y"].required == "z")';
/** costLimit, which such rules exceed. */
const BEYOND = Infinity;

const CASES: readonly (readonly [
  name: string,
  schema: Limited,
  rule: string,
  cost: number,
  max: number,
  limitedCost: number,
])[] = [
  ["number array with all", array(plain("number")), ALL, 4718591, 10, 32],
  ["string array with all", array(STRING), ALL, 3145727, 20, 62],
  ["boolean array with all", array(plain("boolean")), ALL, 1887437, 5, 17],
  ["array of number arrays with all", ARRAYS, ALL, 3145727, 100, 302],
  ["array of objects with all", OBJECTS, ALL, 555128, 50, 152],
  ["map of numbers with all", map(plain("number")), ALL, 1348169, 10, 32],
  ["map of numbers with has", map(plain("number")), HAS, 1, 100, 1],
  ["map of strings with all", map(STRING), ALL, 1179647, 3, 11],
  ["map of strings with has", map(STRING), HAS, 1, 550, 1],
  ["map of booleans with all", map(plain("boolean")), ALL, 943718, 100, 302],
  ["map of booleans with has", map(plain("boolean")), HAS, 1, 1024, 1],
  ["string with contains", text(), "self.contains('test')", 314574, 10, 5],
  ["string with startsWith", text(), "self.startsWith('test')", 2, 15, 2],
  ["string with endsWith", text(), "self.endsWith('test')", 2, 30, 2],
  ["concat string", text(), 'size(self + "hello") > size("hello")', 314578, 4, 7],
  ["index of array with numbers", array(plain("number")), "self[1] == 0.0", 2, 5000, 2],
  ["index of array with strings", array(STRING), "self[1] == self[1]", 314577, 8, 314577],
  [
    "O(n^2) loop with numbers",
    array(plain("number")),
    "self.all(x, self.all(y, true))",
    BEYOND,
    10,
    352,
  ],
  [
    "O(n^3) loop with numbers",
    array(plain("number")),
    "self.all(x, self.all(y, self.all(z, true)))",
    BEYOND,
    10,
    3552,
  ],
  ["regex matches simple", text(), 'self.matches("x")', 314574, 50, 22],
  ["regex matches empty string", text(), '"".matches("(((((((((())))))))))[0-9]")', 7, 10, 7],
  ["regex matches empty regex", text(), 'self.matches("")', 1, 100, 1],
  ["map of strings with value length", nested, "self.all(x, x.contains(self[x]))", 2752507, 10, 72],
  ["set array maxLength to zero", array(plain("number")), "self[3] == 0.0", 2, 0, 2],
  ["set map maxLength to zero", map(plain("number")), 'self["x"] == 0.0', 2, 0, 2],
  ["set string maxLength to zero", text(), 'self == "x"', 2, 0, 1],
  ["set bytes maxLength to zero", text({ format: "byte" }), 'self == b"x"', 2, 0, 1],
  [
    "set maxLength greater than estimated maxLength",
    array(plain("number")),
    "self.all(x, x == 0.0)",
    6291454,
    3 * 1024 * 2048,
    25165826,
  ],
  ["nested types with root rule with all supporting maxLength", allMax, SECOND, 7340027, 10, 72],
  [
    "nested types with root rule with one supporting maxLength",
    oneMax,
    SECOND,
    7340027,
    10,
    7340027,
  ],
  ["int-or-string array with all", array(plain("int-or-string")), ALL, 4718591, 10, 32],
  ["index of array with int-or-strings", array(plain("int-or-string")), "self[0] == 5", 3, 10, 3],
  ["index of array with booleans", array(plain("boolean")), "self[0] == false", 2, 25, 2],
  ["index of array of objects", OBJECTS, "self[0] == null", 2, 422, 2],
  ["index of array of array of numbers", ARRAYS, "self[0][0] == -1.0", 3, 51, 3],
  ["array of number maps with all", MAPS, "self.all(x, x.y == 25.2)", 6291452, 12, 74],
  ["index of array of number maps", MAPS, "self[0].x > 2.0", 4, 3000, 4],
  ["duration array with all", array(plain("duration")), ALL, 2359295, 5, 17],
  ["index of duration array", array(plain("duration")), "self[0].getHours() == 2", 4, 525, 4],
  ["date array with all", array(plain("date")), ALL, 725936, 15, 47],
  ["index of date array", array(plain("date")), "self[2].getDayOfMonth() == 13", 4, 42, 4],
  ["date-time array with all", array(plain("date-time")), ALL, 428963, 25, 77],
  ["index of date-time array", array(plain("date-time")), "self[2].getMinutes() == 45", 4, 99, 4],
  ["map of int-or-strings with all", map(plain("int-or-string")), ALL, 1348169, 15, 47],
  ["map of int-or-strings with has", map(plain("int-or-string")), HAS, 1, 5000, 1],
  ["map of objects with all", map(OBJECT), ALL, 428963, 20, 62],
  ["map of objects with has", map(OBJECT), HAS, 1, 9001, 1],
  ["map of number maps with all", map(map(plain("number"))()), ALL, 1179647, 10, 32],
  ["map of number maps with has", map(map(plain("number"))()), HAS, 1, 101, 1],
  ["map of number arrays with all", map(array(plain("number"))()), ALL, 1179647, 25, 77],
  ["map of number arrays with has", map(array(plain("number"))()), HAS, 1, 40000, 1],
  ["map of durations with all", map(plain("duration")), ALL, 1048577, 5, 17],
  ["map of durations with has", map(plain("duration")), HAS, 1, 256, 1],
  ["map of dates with all", map(plain("date")), ALL, 524288, 10, 32],
  ["map of dates with has", map(plain("date")), HAS, 1, 65536, 1],
  ["map of date-times with all", map(plain("date-time")), ALL, 349526, 25, 77],
  ["map of date-times with has", map(plain("date-time")), HAS, 1, 490, 1],
  ["extended library regex find", text(), "self.find('[0-9]+') == ''", 629147, 10, 11],
  ["extended library join", texts, "self.join(' ') == 'aa bb'", 329853068905, 10, 43],
  ["extended library isSorted", texts, "self.isSorted() == true", 329854432052, 10, 52],
  [
    "extended library replace",
    replaced,
    "self.str.replace(self.before, self.after) == 'does not matter'",
    629154,
    4,
    12,
  ],
  ["extended library split", split, "self.str.split(self.separator) == []", 629160, 10, 22],
  ["extended library lowerAscii", text(), "self.lowerAscii() == 'lower!'", 314575, 10, 6],
  ["cost of size call", map(plain("integer")), "oldSelf.size() == self.size()", 5, 10, 5],
  ["timestamp comparison", map(plain("date-time")), 'self["a"] == self["b"]', 8, 7, 8],
  ["duration comparison", map(plain("duration")), 'self["c"] == self["d"]', 8, 42, 8],
  [
    "enums with maxLength equals to the longest possible value",
    text({ enum: ["A", "B", "C", "LongValue"] }),
    "self.contains('A')",
    2,
    1000,
    401,
  ],
  ["IntOrString type with quantity rule", intOrString, "isQuantity(self)", 314574, 20, 9],
];

function costOf(openApi: Schema, rule: string): number {
  const schema = fieldSchemaOf(openApi);
  const [compiled] = compileRulesOf([{ rule }], schema, (path) => declaredSize(schema, path));
  if (compiled?.cost === undefined) throw new Error(compiled?.error);
  return compiled.cost > 1e12 ? BEYOND : compiled.cost;
}

describe("cost estimation", () => {
  it.each(CASES)("%s", (_name, schema, rule, cost, max, limitedCost) => {
    expect([costOf(schema(), rule), costOf(schema(max), rule)]).toEqual([cost, limitedCost]);
  });

  it("gives up on what expands without end", () => {
    const rule = `optional.of(true)${".optMap(x, x)".repeat(200)}.orValue(true)`;
    expect(costOf(plain("boolean"), rule)).toBe(BEYOND);
  });
});
