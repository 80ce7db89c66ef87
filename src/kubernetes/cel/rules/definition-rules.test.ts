// What makes a CustomResourceDefinition's rules wrong. Cases from kubernetes staging/src/k8s.io/apiextensions-apiserver
// pkg/apis/apiextensions/validation/validation_test.go @ 1.36 (x-kubernetes-validations).

import { describe, expect, it } from "vitest";
import { fieldSchemaOf } from "../../schemas/openapi-schema.ts";
import { definitionRuleCauses } from "./definition-rules.ts";

type Schema = Readonly<Record<string, unknown>>;

function specWith(rule: Schema, properties: Schema = { a: { type: "integer" } }): Schema {
  return {
    type: "object",
    properties: { spec: { type: "object", properties, "x-kubernetes-validations": [rule] } },
  };
}

const AT = "schema.properties[spec].x-kubernetes-validations[0]";
const RULE =
  '{"Rule":"RULE","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}';

const CASES: readonly {
  readonly name: string;
  readonly root: Schema;
  readonly says: readonly string[];
}[] = [
  { name: "a rule that compiles", root: specWith({ rule: "self.a > 0" }), says: [] },
  {
    name: "no rule",
    root: specWith({ rule: " " }),
    says: [`${AT}.rule: Required value: rule is not specified`],
  },
  {
    name: "not a bool",
    root: specWith({ rule: "self.a" }),
    says: [
      `${AT}.rule: Invalid value: ${RULE.replace("RULE", "self.a")}: cel expression must evaluate to a bool`,
    ],
  },
  {
    name: "an undefined field",
    root: specWith({ rule: "self.b > 0" }),
    says: [
      `${AT}.rule: Invalid value: ${RULE.replace("RULE", String.raw`self.b \u003e 0`)}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b > 0\n | ....^`,
    ],
  },
  {
    name: "unknown fields are not visible",
    root: specWith(
      { rule: "has(self.x)" },
      { x: { "x-kubernetes-preserve-unknown-fields": true } },
    ),
    says: [
      `${AT}.rule: Invalid value: ${RULE.replace("RULE", "has(self.x)")}: compilation failed: ERROR: <input>:1:4: undefined field 'x'\n | has(self.x)\n | ...^`,
    ],
  },
  {
    name: "a message expression that is no text",
    root: specWith({ rule: "self.a > 0", messageExpression: "self.a" }),
    says: [
      `${AT}.messageExpression: Invalid value: ${RULE.replace("RULE", String.raw`self.a \u003e 0`).replace('"MessageExpression":""', '"MessageExpression":"self.a"')}: messageExpression must evaluate to a string`,
    ],
  },
  {
    name: "line breaks, reasons and paths",
    root: specWith({ rule: "true\n&& true", reason: "Nope", fieldPath: ".nope" }),
    says: [
      `${AT}.message: Required value: message must be specified if rule contains line breaks`,
      `${AT}.reason: Unsupported value: "Nope": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
      `${AT}.fieldPath: Invalid value: ".nope": must be a valid path`,
    ],
  },
  {
    name: "oldSelf where items do not correlate",
    root: {
      type: "object",
      properties: {
        l: {
          type: "array",
          items: { type: "integer", "x-kubernetes-validations": [{ rule: "self >= oldSelf" }] },
        },
      },
    },
    says: [
      'schema.properties[l].items.x-kubernetes-validations[0].rule: Invalid value: "self >= oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within schema.properties[l]',
    ],
  },
  {
    name: "an optional old value that is not used",
    root: specWith({ rule: "self.a > 0", optionalOldSelf: true }),
    says: [
      `${AT}.optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`,
    ],
  },
];

const RULE_COST = "estimated rule cost";
const MESSAGE_COST = "estimated messageExpression cost";
const TOTAL_COST = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
const CONTRIBUTED =
  "Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";

function over(what: string, factor: string): string {
  return `Forbidden: ${what} exceeds budget by factor of ${factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

const PAIRS = "self.all(x, x.all(y, x[y].key == x[y].key))";
const SUM = "self[0] + self[1] + self[2] + self[3] + self[4] + self[5] + self[6] + self[7]";

/** A list of maps of objects with a key, with its limits. */
function pairs(key: Schema, items: Schema = {}, entries: Schema = {}): Schema {
  const additionalProperties = { type: "object", required: ["key"], properties: { key } };
  return {
    type: "object",
    properties: {
      value: {
        type: "array",
        ...items,
        items: { type: "object", ...entries, additionalProperties },
        "x-kubernetes-validations": [{ rule: PAIRS }],
      },
    },
  };
}

function textsWith(rule: Schema, rest: Schema = {}, text: Schema = {}): Schema {
  const f = { type: "array", ...rest, items: { type: "string", ...text } };
  return {
    type: "object",
    properties: { f: { ...f, "x-kubernetes-validations": [rule] } },
  };
}

const VALUE_RULE = "schema.properties[value].x-kubernetes-validations[0].rule";
const F_MESSAGE = "schema.properties[f].x-kubernetes-validations[0].messageExpression";
const KEYWORD = [{ rule: "self.contains('keyword')" }];
const LONG = { type: "string", maxLength: 5000, "x-kubernetes-validations": KEYWORD };

const COSTS: readonly {
  readonly name: string;
  readonly root: Schema;
  readonly says: readonly string[];
  /** What it says of a schema that is stored. */
  readonly storedSays?: readonly string[];
}[] = [
  {
    name: "a double-nested rule without limits",
    root: pairs({ type: "string" }),
    says: [
      `${VALUE_RULE}: ${over(RULE_COST, "more than 100x")}`,
      `${VALUE_RULE}: ${CONTRIBUTED}`,
      `schema: ${over(TOTAL_COST, "more than 100x")}`,
    ],
    storedSays: [`${VALUE_RULE}: ${CONTRIBUTED}`, `schema: ${over(TOTAL_COST, "more than 100x")}`],
  },
  {
    name: "a double-nested rule with one limit",
    root: pairs({ type: "string", maxLength: 10 }),
    says: [
      `${VALUE_RULE}: ${over(RULE_COST, "more than 100x")}`,
      `${VALUE_RULE}: ${CONTRIBUTED}`,
      `schema: ${over(TOTAL_COST, "more than 100x")}`,
    ],
  },
  {
    name: "a double-nested rule with three limits",
    root: pairs({ type: "string", maxLength: 10 }, { maxItems: 10 }, { maxProperties: 10 }),
    says: [],
  },
  {
    name: "a double-nested rule with a limit for the outermost list",
    root: pairs({ type: "number" }, { maxItems: 4 }),
    says: [],
  },
  {
    name: "the total, to which cheap rules do not contribute",
    root: {
      type: "object",
      properties: {
        list: { type: "array", maxItems: 100000, items: LONG },
        map: { type: "object", maxProperties: 1000, additionalProperties: LONG },
        field: {
          type: "integer",
          "x-kubernetes-validations": [{ rule: "self > 50 && self < 100" }],
        },
      },
    },
    says: [
      `schema.properties[list].items.x-kubernetes-validations[0].rule: ${over(RULE_COST, "20.0x")}`,
      `schema.properties[list].items.x-kubernetes-validations[0].rule: ${CONTRIBUTED}`,
      `schema.properties[map].additionalProperties.x-kubernetes-validations[0].rule: ${CONTRIBUTED}`,
      `schema: ${over(TOTAL_COST, "2.0x")}`,
    ],
  },
  {
    name: "an expensive message",
    root: textsWith({ rule: "true", messageExpression: SUM }),
    says: [`${F_MESSAGE}: ${over(MESSAGE_COST, "1.101006x")}`],
    storedSays: [],
  },
  {
    name: "an expensive message over the total",
    root: textsWith({
      rule: "true",
      messageExpression: "string(self[0]) + string(self[1]) + string(self[2])",
    }),
    says: [
      `${F_MESSAGE}: ${over(MESSAGE_COST, "more than 100x")}`,
      `${F_MESSAGE}: ${CONTRIBUTED}`,
      `schema: ${over(TOTAL_COST, "more than 100x")}`,
    ],
  },
  {
    name: "lowerAscii with limits",
    root: textsWith(
      { rule: "self.all(x, self.exists_one(y, x.lowerAscii() == y.lowerAscii()))" },
      { maxItems: 5 },
      { maxLength: 5 },
    ),
    says: [],
  },
];

describe("what the rules of a definition cost", () => {
  it.each(COSTS)("$name", ({ root, says, storedSays }) => {
    const causes = definitionRuleCauses(fieldSchemaOf(root), "schema");
    expect(causes.map(({ field, message }) => `${field}: ${message}`)).toEqual(says);
    if (storedSays === undefined) return;
    const stored = definitionRuleCauses(fieldSchemaOf(root), "schema", true);
    expect(stored.map(({ field, message }) => `${field}: ${message}`)).toEqual(storedSays);
  });
});

describe("rules of a definition", () => {
  it.each(CASES)("$name", ({ root, says }) => {
    const causes = definitionRuleCauses(fieldSchemaOf(root), "schema");
    expect(causes.map(({ field, message }) => `${field}: ${message}`)).toEqual(says);
  });
});
