// Rules that cost too much are refused, and kept where they are stored. Cases from kubernetes staging/src/k8s.io/apiextensions-apiserver
// pkg/apis/apiextensions/validation/validation_test.go @ v1.36.2 (TestValidateCustomResourceDefinitionUpdate).

import { describe, expect, it } from "vitest";
import {
  type KubernetesObject,
  loadExpressions,
  StatusError,
} from "../../../../kubernetes/index.ts";
import { apiFixture } from "../../testing/api-fixture.ts";
import { bringsRules, validateDefinitionRules } from "./definition-rules.ts";

/** Costs more than one expression may; all that matters is that it says `count` times `self[i]`. */
function expensive(count: number): Readonly<Record<string, unknown>> {
  const messageExpression = Array.from({ length: count }, (_, index) => `self[${index}]`).join(
    " + ",
  );
  return {
    type: "object",
    properties: {
      f: {
        type: "array",
        items: { type: "string" },
        "x-kubernetes-validations": [{ rule: "true", messageExpression }],
      },
    },
  };
}

type Schemas = Readonly<Record<string, unknown>>;

function definition(schemas: Schemas): KubernetesObject {
  const versions = Object.entries(schemas).map(([name, openAPIV3Schema], index) => ({
    name,
    served: true,
    storage: index === 0,
    schema: { openAPIV3Schema },
  }));
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "plurals.group.com" },
    spec: {
      group: "group.com",
      scope: "Cluster",
      names: { plural: "plurals", kind: "Plural" },
      versions,
    },
  };
}

const IN_F = "openAPIV3Schema.properties[f].x-kubernetes-validations[0].messageExpression";

const UPDATES: readonly {
  readonly name: string;
  readonly old: Schemas;
  readonly next: Schemas;
  readonly fields: readonly string[];
}[] = [
  {
    name: "versions that are not stored",
    old: { v1: expensive(8), v2: expensive(8) },
    next: { v1: expensive(8), v2: expensive(9), v3: expensive(8) },
    fields: [`spec.versions[1].schema.${IN_F}`, `spec.versions[2].schema.${IN_F}`],
  },
  {
    name: "the schema of the whole definition becomes that of its versions",
    old: { v1: expensive(8) },
    next: { v1: expensive(8), v2: expensive(9) },
    fields: [`spec.versions[1].schema.${IN_F}`],
  },
  {
    name: "a version with the schema of one that is stored",
    old: { v1: expensive(8) },
    next: { v1: expensive(8), v2: expensive(8) },
    fields: [],
  },
  {
    name: "a change of the only schema",
    old: { v1: expensive(8) },
    next: { v1: expensive(9) },
    fields: [`spec.validation.${IN_F}`],
  },
];

describe("rules over their budget", () => {
  it.each(UPDATES)("$name", async ({ old, next, fields }) => {
    const expressions = await loadExpressions();
    const causes = validateDefinitionRules(expressions, definition(next), definition(old));
    expect(causes.map(({ field }) => field)).toEqual(fields);
    expect(causes.every(({ reason }) => reason === "FieldValueForbidden")).toBe(true);
  });

  it("refuse the definition in the words of a server", async () => {
    const { api } = apiFixture();
    const error = await api
      .create(definition({ v1: expensive(8) }))
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof StatusError)) throw error;
    expect(error.message).toBe(
      `CustomResourceDefinition.apiextensions.k8s.io "plurals.group.com" is invalid: spec.validation.${IN_F}: Forbidden: estimated messageExpression cost exceeds budget by factor of 1.101006x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`,
    );
  });
});

describe("a definition", () => {
  const rules = definition({ v1: expensive(1) });
  const none = definition({ v1: { type: "object", properties: { f: { type: "array" } } } });
  it.each([
    { name: "without rules", next: none, old: undefined, brings: false },
    { name: "with rules", next: rules, old: undefined, brings: true },
    { name: "with the rules it has", next: { ...rules, status: {} }, old: rules, brings: false },
    { name: "that gets rules", next: rules, old: none, brings: true },
    { name: "that loses them", next: none, old: rules, brings: false },
  ])("$name", ({ next, old, brings }) => {
    expect(bringsRules(next, old, [])).toBe(brings);
  });
});
