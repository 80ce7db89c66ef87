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

describe("rules of a definition", () => {
  it.each(CASES)("$name", ({ root, says }) => {
    const causes = definitionRuleCauses(fieldSchemaOf(root), "schema");
    expect(causes.map(({ field, message }) => `${field}: ${message}`)).toEqual(says);
  });
});
