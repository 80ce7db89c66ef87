// The compact form: what goes in comes out, every distinct schema once, recursive ones included.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtinFacts } from "./builtin.facts.ts";
import { crdObjects } from "./crd-objects.ts";
import { kindsOfCrd } from "./custom-definition.ts";
import { decodeFacts } from "./decode-facts.ts";
import { createNodeTable } from "./encode-facts.ts";
import { kindsOfFacts } from "./kind-registry.ts";
import { fieldSchemaOf, openApiOf } from "./openapi-schema.ts";
import type { FieldSchema } from "./schema.ts";

const leaf = fc.record(
  {
    type: fc.constantFrom("string", "integer", "object"),
    format: fc.constantFrom("int32", "date-time"),
    enum: fc.array(fc.jsonValue(), { minLength: 1, maxLength: 2 }),
    default: fc.jsonValue(),
    nullable: fc.constant(true),
    intOrString: fc.constant(true),
    preserveUnknown: fc.constant(true),
    embeddedResource: fc.constant(true),
    listType: fc.constantFrom("atomic", "set", "map"),
    listMapKeys: fc.array(fc.string()),
    mapType: fc.constantFrom("atomic", "granular"),
    patchStrategy: fc.constantFrom("merge", "merge,retainKeys"),
    patchMergeKey: fc.string(),
    minimum: fc.integer(),
    maximum: fc.integer(),
    exclusiveMaximum: fc.constant(true),
    multipleOf: fc.integer({ min: 1 }),
    minLength: fc.nat(),
    maxLength: fc.nat(),
    minItems: fc.nat(),
    maxItems: fc.nat(),
    minProperties: fc.nat(),
    maxProperties: fc.nat(),
    uniqueItems: fc.constant(true),
    pattern: fc.string(),
    required: fc.array(fc.string()),
    exclusiveMinimum: fc.constant(true),
    validations: fc.array(fc.record({ rule: fc.string(), message: fc.string() })),
  },
  { requiredKeys: [] },
);

const { schema: schemas } = fc.letrec((tie) => ({
  schema: fc
    .tuple(
      leaf,
      fc.record(
        {
          items: fc.option(tie("schema"), {
            nil: undefined,
            maxDepth: 2,
            depthIdentifier: "schema",
          }),
          additionalProperties: fc.option(tie("schema"), {
            nil: undefined,
            maxDepth: 2,
            depthIdentifier: "schema",
          }),
          not: fc.option(tie("schema"), { nil: undefined, maxDepth: 2, depthIdentifier: "schema" }),
          anyOf: fc.option(fc.array(tie("schema"), { maxLength: 2 }), {
            nil: undefined,
            maxDepth: 2,
            depthIdentifier: "schema",
          }),
          properties: fc.option(fc.dictionary(fc.string(), tie("schema"), { maxKeys: 3 }), {
            nil: undefined,
            maxDepth: 2,
            depthIdentifier: "schema",
          }),
        },
        { requiredKeys: [] },
      ),
    )
    .map(([values, children]) => ({ ...values, ...children })),
}));

/** Through the table and its text, as a committed module would carry it. */
function roundTrip(schema: FieldSchema): FieldSchema {
  const table = createNodeTable();
  const index = table.add(schema);
  const text = JSON.stringify({ nodes: table.nodes });
  return decodeFacts({ source: "test", date: "2026-01-01", text }).schema(index);
}

/** JSON has no -0 and no `undefined`; neither does a schema that came from JSON. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("the compact form", () => {
  it("gives back what it was given", () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        // Generated from exactly the members of FieldSchema.
        expect(asJson(roundTrip(schema as FieldSchema))).toEqual(asJson(schema));
      }),
    );
  });

  it("stores equal schemas once", () => {
    const table = createNodeTable();
    const text = { type: "string" } as const;
    const pair = { type: "object", properties: { a: text, b: { ...text } } } as const;
    expect(
      table.add({ type: "object", properties: { one: pair, two: structuredClone(pair) } }),
    ).toBe(2);
    expect(table.nodes).toHaveLength(3);
  });

  it("stores a schema that contains itself", () => {
    const properties: Record<string, FieldSchema> = {};
    const tree: FieldSchema = { type: "object", properties };
    properties["left"] = tree;
    properties["list"] = { type: "array", items: tree };
    const decoded = roundTrip(tree);
    expect(decoded.properties?.["left"]).toBe(decoded);
    expect(decoded.properties?.["list"]?.items).toBe(decoded);
  });

  it("keeps a default of true a truth and a flag a flag", () => {
    expect(roundTrip({ default: true, nullable: true })).toEqual({ default: true, nullable: true });
  });

  it("packs the built-in kinds as tightly as they were committed", () => {
    const { table, schema } = decodeFacts(builtinFacts);
    const again = createNodeTable();
    for (const kind of table.kinds ?? []) expect(again.add(schema(kind.schema))).toBe(kind.schema);
    expect(again.nodes).toEqual(table.nodes);
  });
});

describe("openApiOf", () => {
  it("is the inverse of fieldSchemaOf", () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        // Generated from exactly the members of FieldSchema; through JSON as an object would be.
        const clean = asJson(schema) as FieldSchema;
        expect(fieldSchemaOf(openApiOf(clean))).toEqual(clean);
      }),
    );
  });
});

describe("crdObjects", () => {
  const table = createNodeTable();
  const spec = { type: "object", properties: { size: { type: "integer", default: 1 } } } as const;
  const root = table.add({ type: "object", properties: { spec } });
  const definition = {
    annotations: { "api-approved.kubernetes.io": "unapproved" },
    spec: {
      group: "example.com",
      scope: "Cluster",
      names: { kind: "Widget", plural: "widgets", shortNames: ["wd"] },
      versions: [
        { name: "v1", served: true, storage: true, schema: root, subresources: { status: {} } },
        { name: "v1alpha1", served: false, storage: false, schema: root },
      ],
    },
  };
  const text = JSON.stringify({ nodes: table.nodes, definitions: [definition] });
  const facts = { source: "test", date: "2026-01-01", text };

  it("builds definitions with every version", () => {
    const [crd] = crdObjects(facts);
    expect(crd).toMatchObject({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.example.com", annotations: definition.annotations },
      spec: {
        conversion: { strategy: "None" },
        versions: [
          { name: "v1", schema: { openAPIV3Schema: { properties: { spec } } } },
          { name: "v1alpha1", served: false },
        ],
      },
    });
  });

  it("installs the kinds the table knows", () => {
    const [fromTable] = kindsOfFacts(facts);
    const [fromObject] = crdObjects(facts).flatMap(kindsOfCrd);
    expect(fromObject).toEqual(fromTable);
    expect(fromTable).toMatchObject({
      namespaced: false,
      shortNames: ["wd"],
      subresources: ["status"],
    });
  });
});
