import { describe, expect, it } from "vitest";

import { inlineSchema } from "./inline-schema.ts";

const NAMED = {
  Spec: { type: "object", properties: { replicas: { type: "integer", default: 1 } } },
  Tree: { type: "object", properties: { child: { $ref: "#/components/schemas/Tree" } } },
};

const CASES = [
  {
    name: "resolves references and refuses unknown fields",
    schema: { properties: { spec: { allOf: [{ $ref: "#/components/schemas/Spec" }] } } },
    inlined: {
      additionalProperties: false,
      properties: {
        spec: {
          allOf: [
            {
              type: "object",
              additionalProperties: false,
              properties: { replicas: { type: "integer", default: 1 } },
            },
          ],
        },
      },
    },
  },
  {
    name: "leaves a schema inside itself open",
    schema: { $ref: "#/components/schemas/Tree" },
    inlined: { type: "object", additionalProperties: false, properties: { child: {} } },
  },
  {
    name: "keeps fields that are called like keywords",
    schema: { properties: { description: { type: "string" }, default: { type: "string" } } },
    inlined: {
      additionalProperties: false,
      properties: { description: { type: "string" }, default: { type: "string" } },
    },
  },
  {
    name: "leaves maps and preserved fields open",
    schema: { properties: { a: { "x-kubernetes-preserve-unknown-fields": true, properties: {} } } },
    inlined: {
      additionalProperties: false,
      properties: { a: { "x-kubernetes-preserve-unknown-fields": true, properties: {} } },
    },
  },
  {
    name: "spells int-or-string out",
    schema: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }] },
    inlined: { oneOf: [{ type: "integer" }, { type: "string" }] },
  },
];

describe("inlineSchema", () => {
  it.each(CASES)("$name", ({ schema, inlined }) => {
    expect(inlineSchema(schema, NAMED)).toEqual(inlined);
  });
});
