// Rules of custom kinds against objects, old and new. Histories from kubernetes staging/src/k8s.io/apiextensions-apiserver
// pkg/apiserver/schema/cel/validation_test.go @ 1.36 (TestValidationExpressionsAtSchemaLevels, TestReasonAndFldPath, TestOptionalOldSelf,
// TestRatcheting).

import { describe, expect, it } from "vitest";
import { fieldSchemaOf } from "../../schemas/openapi-schema.ts";
import { validateRules } from "./validate-rules.ts";

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: "string" };
const WHOLE: Schema = { type: "integer" };

function schema(properties: Readonly<Record<string, Schema>>, ...rules: readonly Schema[]): Schema {
  return {
    type: "object",
    properties,
    ...(rules.length === 0 ? {} : { "x-kubernetes-validations": rules }),
  };
}

const withRules = (base: Schema, ...rules: readonly Schema[]): Schema => ({
  ...base,
  "x-kubernetes-validations": rules,
});

function outcome(root: Schema, object: unknown, old?: unknown): readonly string[] {
  const { causes, warnings } = validateRules(fieldSchemaOf(root), object, old);
  return [
    ...causes.map(({ field, message }) => `${field}: ${message}`),
    ...warnings.map((text) => `warning: ${text}`),
  ];
}

const spec = (spec: unknown, rest: Schema = {}): Schema => ({
  apiVersion: "e.com/v1",
  kind: "Widget",
  metadata: { name: "w" },
  ...rest,
  spec,
});

const IMMUTABLE = { rule: "self == oldSelf", message: "may not change" };

const CASES: readonly {
  readonly name: string;
  readonly root: Schema;
  readonly object: unknown;
  readonly old?: unknown;
  readonly says: readonly string[];
}[] = [
  {
    name: "a rule that holds says nothing",
    root: schema({ spec: schema({ a: WHOLE }, { rule: "self.a > 0" }) }),
    object: spec({ a: 1 }),
    says: [],
  },
  {
    name: "a rule without a message quotes itself",
    root: schema({ spec: schema({ a: WHOLE }, { rule: " self.a > 0 " }) }),
    object: spec({ a: 0 }),
    says: ["spec: Invalid value: failed rule: self.a > 0"],
  },
  {
    name: "the value of a scalar is shown",
    root: schema({
      spec: schema({ a: withRules(WHOLE, { rule: "self > 0", message: "positive" }) }),
    }),
    object: spec({ a: 0 }),
    says: ["spec.a: Invalid value: 0: positive"],
  },
  {
    name: "a message expression wins over the message, unless it fails",
    root: schema({
      spec: schema(
        { a: WHOLE, b: TEXT },
        { rule: "self.a > 0", message: "m", messageExpression: "'a is ' + string(self.a)" },
        { rule: "self.a > 0", message: "m", messageExpression: "self.b" },
        { rule: "self.a > 0", message: "m", messageExpression: "'  '" },
      ),
    }),
    object: spec({ a: 0 }),
    says: ["spec: Invalid value: a is 0", "spec: Invalid value: m", "spec: Invalid value: m"],
  },
  {
    name: "reasons and field paths",
    root: schema({
      spec: schema(
        { a: WHOLE, m: { type: "object", additionalProperties: TEXT } },
        { rule: "false", message: "no", reason: "FieldValueForbidden", fieldPath: ".a" },
        { rule: "false", message: "no", reason: "FieldValueRequired", fieldPath: ".m['a.b']" },
        { rule: "false", message: "no", reason: "FieldValueDuplicate" },
      ),
    }),
    object: spec({ a: 0 }),
    says: ["spec.a: Forbidden: no", "spec.m[a.b]: Required value: no", "spec: Duplicate value"],
  },
  {
    name: "at the root only the names of the metadata are visible",
    root: withRules(
      schema({ spec: schema({}) }),
      {
        rule: "self.metadata.name == 'w' && self.kind == 'Widget' && !has(self.metadata.generateName)",
      },
      { rule: "self.metadata.name != 'w'", message: "not w" },
    ),
    object: spec({}),
    says: ["<nil>: Invalid value: not w"],
  },
  {
    name: "rules of items, of map values and of nested objects",
    root: schema({
      spec: schema({
        list: { type: "array", items: withRules(TEXT, { rule: "self != 'x'", message: "x" }) },
        map: {
          type: "object",
          additionalProperties: withRules(WHOLE, { rule: "self < 5", message: "small" }),
        },
      }),
    }),
    object: spec({ list: ["a", "x"], map: { k: 7, l: 1 } }),
    says: ['spec.list[1]: Invalid value: "x": x', "spec.map[k]: Invalid value: 7: small"],
  },
  {
    name: "null is not looked at",
    root: schema({
      spec: schema({ a: { ...withRules(TEXT, { rule: "false" }), nullable: true } }),
    }),
    object: spec({ a: null }),
    says: [],
  },
  {
    name: "escaped names and formats",
    root: schema({
      spec: schema(
        {
          "a-b": WHOLE,
          namespace: TEXT,
          "c.d/e": TEXT,
          at: { type: "string", format: "date-time" },
          length: { type: "string", format: "duration" },
          raw: { type: "string", format: "byte" },
          either: { "x-kubernetes-int-or-string": true },
        },
        {
          rule: "self.a__dash__b == 1 && self.__namespace__ == 'n' && self.c__dot__d__slash__e == 'x'",
        },
        { rule: "self.at < timestamp('2025-01-01T00:00:00Z') && self.length == duration('60s')" },
        { rule: "self.raw == b'AB' && type(self.either) == string && self.either == '5%'" },
      ),
    }),
    object: spec({
      "a-b": 1,
      namespace: "n",
      "c.d/e": "x",
      at: "2024-01-01T00:00:00Z",
      length: "1m",
      raw: "QUI=",
      either: "5%",
    }),
    says: [],
  },
  {
    name: "sets and lists with keys compare without order, and their sum merges",
    root: schema({
      spec: schema(
        {
          set: { type: "array", items: TEXT, "x-kubernetes-list-type": "set" },
          other: { type: "array", items: TEXT, "x-kubernetes-list-type": "set" },
          keyed: {
            type: "array",
            items: schema({ k: TEXT, v: WHOLE }),
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["k"],
          },
        },
        { rule: "self.set == self.other && (self.set + ['c', 'a']).size() == 3" },
        { rule: "(self.keyed + self.keyed).size() == 2" },
      ),
    }),
    object: spec({
      set: ["a", "b"],
      other: ["b", "a"],
      keyed: [
        { k: "a", v: 1 },
        { k: "b", v: 2 },
      ],
    }),
    says: [],
  },
  {
    name: "errors at run time name the rule",
    root: schema({
      spec: schema({ a: WHOLE }, { rule: "self.a / 0 == 1" }, { rule: "self.a == 1" }),
    }),
    object: spec({}),
    says: [
      'spec: Invalid value: "object": no such key: a evaluating rule: self.a / 0 == 1',
      'spec: Invalid value: "object": no such key: a evaluating rule: self.a == 1',
    ],
  },
  {
    name: "a rule that costs too much ends the evaluation",
    root: schema({
      spec: schema(
        { l: { type: "array", items: WHOLE } },
        { rule: "self.l.all(a, self.l.all(b, self.l.all(c, a + b + c >= 0)))", message: "slow" },
        { rule: "false" },
      ),
    }),
    object: spec({ l: Array.from({ length: 300 }, () => 1) }),
    says: [
      `spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: slow`,
    ],
  },
  {
    name: "transition rules do not run on create",
    root: schema({ spec: schema({ a: withRules(TEXT, IMMUTABLE) }) }),
    object: spec({ a: "x" }),
    says: [],
  },
  {
    name: "transition rules compare with the old value",
    root: schema({ spec: schema({ a: withRules(TEXT, IMMUTABLE) }) }),
    object: spec({ a: "y" }),
    old: spec({ a: "x" }),
    says: ['spec.a: Invalid value: "y": may not change'],
  },
  {
    name: "transition rules of a value that is new do not run",
    root: schema({ spec: schema({ a: withRules(TEXT, IMMUTABLE) }) }),
    object: spec({ a: "y" }),
    old: spec({}),
    says: [],
  },
  {
    name: "items correlate by the keys of their list",
    root: schema({
      spec: schema({
        l: {
          type: "array",
          items: withRules(schema({ k: TEXT, v: WHOLE }), {
            rule: "self.v >= oldSelf.v",
            message: "may only grow",
          }),
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["k"],
        },
      }),
    }),
    object: spec({
      l: [
        { k: "new", v: 1 },
        { k: "b", v: 1 },
        { k: "a", v: 9 },
      ],
    }),
    old: spec({
      l: [
        { k: "a", v: 5 },
        { k: "b", v: 5 },
      ],
    }),
    says: ["spec.l[1]: Invalid value: may only grow"],
  },
  {
    name: "an optional old value also runs on create",
    root: schema({
      spec: schema({
        a: withRules(WHOLE, {
          rule: "oldSelf.hasValue() ? self >= oldSelf.value() : self == 0",
          optionalOldSelf: true,
          message: "starts at zero and grows",
        }),
      }),
    }),
    object: spec({ a: 1 }),
    says: ["spec.a: Invalid value: 1: starts at zero and grows"],
  },
  {
    name: "what did not change is a warning",
    root: schema({
      spec: schema({ a: withRules(WHOLE, { rule: "self > 5", message: "big" }), b: WHOLE }),
    }),
    object: spec({ a: 1, b: 2 }),
    old: spec({ a: 1, b: 1 }),
    says: ["warning: spec.a: Invalid value: 1: big"],
  },
  {
    name: "items of a list without keys count as their list",
    root: schema({
      spec: schema({
        l: { type: "array", items: withRules(WHOLE, { rule: "self > 5", message: "big" }) },
      }),
    }),
    object: spec({ l: [1, 2] }),
    old: spec({ l: [1] }),
    says: ["spec.l[0]: Invalid value: 1: big", "spec.l[1]: Invalid value: 2: big"],
  },
  {
    name: "rules inside allOf, and of an embedded object",
    root: schema({
      spec: {
        ...schema({
          a: WHOLE,
          inner: {
            ...schema({}, { rule: "self.metadata.name == 'i'", message: "called i" }),
            "x-kubernetes-embedded-resource": true,
          },
        }),
        allOf: [{ "x-kubernetes-validations": [{ rule: "self.a > 0", message: "positive" }] }],
      },
    }),
    object: spec({ a: 0, inner: { apiVersion: "v1", kind: "X", metadata: { name: "j" } } }),
    says: ["spec: Invalid value: positive", "spec.inner: Invalid value: called i"],
  },
];

describe("rules", () => {
  it.each(CASES)("$name", ({ root, object, old, says }) => {
    expect(outcome(root, object, old)).toEqual(says);
  });
});
