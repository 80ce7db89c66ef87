// A custom kind from its definition to its objects, with the causes a real API server (v1.36.2) was recorded to answer.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invariant } from "../../core/index.ts";
import { applyDefaults } from "./apply-defaults.ts";
import { kindsOfCrd } from "./custom-definition.ts";
import { pruneUnknown } from "./prune-unknown.ts";
import type { KindFacts } from "./schema.ts";
import { validateObject } from "./validate-object.ts";

const SPEC = {
  type: "object",
  required: ["max"],
  properties: {
    min: { type: "integer", default: 1 },
    max: { type: "integer", minimum: 1, maximum: 100 },
    open: { type: "number", minimum: 0, exclusiveMinimum: true, multipleOf: 0.5 },
    mode: { type: "string", maxLength: 10, enum: ["fast", "slow"] },
    name: { type: "string", pattern: "^[a-z]+$", maxLength: 5, minLength: 2 },
    tags: {
      type: "array",
      maxItems: 3,
      minItems: 1,
      items: { type: "string" },
      "x-kubernetes-list-type": "set",
    },
    ports: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name", "protocol"],
      items: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string" },
          protocol: { type: "string", default: "TCP" },
          port: { type: "integer" },
        },
      },
    },
    named: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: { type: "object", properties: { name: { type: "string" } } },
    },
    any: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] },
    free: {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
      properties: { known: { type: "object", properties: {} } },
    },
    nul: { type: "string", nullable: true, default: "d" },
    strict: { type: "string" },
    obj: {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      "x-kubernetes-preserve-unknown-fields": true,
    },
    labels: { type: "object", maxProperties: 2, additionalProperties: { type: "string" } },
    loose: { type: "object", additionalProperties: true },
    weird: { type: "string", pattern: "^(?!broken" },
    address: { type: "string", anyOf: [{ format: "ipv4" }, { format: "ipv6" }] },
    one: {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "string" } },
      oneOf: [{ required: ["a"] }, { required: ["b"] }],
      not: { required: ["a", "b"] },
    },
    nested: {
      type: "object",
      properties: {
        list: {
          type: "array",
          items: { type: "object", properties: { size: { type: "integer", default: 3 } } },
        },
      },
    },
  },
};

const CRD = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "gadgets", kind: "Gadget", shortNames: ["gd"], categories: ["all"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              metadata: { type: "object", properties: { name: { type: "string", maxLength: 8 } } },
              spec: SPEC,
              status: {
                type: "object",
                required: ["phase"],
                properties: { phase: { type: "string" } },
              },
            },
          },
        },
        subresources: {
          status: {},
          scale: { specReplicasPath: ".spec.min", statusReplicasPath: ".status.min" },
        },
        additionalPrinterColumns: [
          {
            name: "Max",
            type: "integer",
            jsonPath: ".spec.max",
            priority: 1,
            description: "how many at most",
          },
        ],
        selectableFields: [{ jsonPath: ".spec.mode" }],
      },
      {
        name: "v1beta1",
        served: false,
        storage: false,
        schema: { openAPIV3Schema: { type: "object" } },
      },
    ],
  },
};

function gadgetKind(): KindFacts {
  const [kind] = kindsOfCrd(CRD);
  invariant(kind !== undefined, "the definition serves one version");
  return kind;
}

function gadget(spec: unknown, rest: Readonly<Record<string, unknown>> = {}): unknown {
  return { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g" }, spec, ...rest };
}

describe("kindsOfCrd", () => {
  it("reads names, scope, columns and subresources of served versions", () => {
    const kinds = kindsOfCrd(CRD);
    expect(kinds).toHaveLength(1);
    expect(kinds[0]).toMatchObject({
      group: "example.com",
      version: "v1",
      kind: "Gadget",
      listKind: "GadgetList",
      resource: "gadgets",
      singular: "gadget",
      shortNames: ["gd"],
      categories: ["all"],
      namespaced: true,
      subresources: ["scale", "status"],
      columns: [
        {
          name: "Max",
          type: "integer",
          jsonPath: ".spec.max",
          priority: 1,
          description: "how many at most",
        },
      ],
      custom: {
        definition: "gadgets.example.com",
        storage: true,
        scale: { specReplicasPath: ".spec.min", statusReplicasPath: ".status.min" },
        selectableFields: [".spec.mode"],
      },
    });
  });

  it("reads anything at all", () => {
    const spec = fc.record({
      group: fc.jsonValue(),
      names: fc.jsonValue(),
      versions: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ spec })), (crd) => {
        expect(kindsOfCrd(crd)).toEqual([]);
      }),
    );
  });

  it("reads any schema", () => {
    const noise = fc.oneof(fc.jsonValue(), fc.constantFrom("object", "string", true, 3, ["a"]));
    const keys = fc.constantFrom(
      "type",
      "items",
      "properties",
      "required",
      "enum",
      "pattern",
      "anyOf",
      "not",
      "default",
      "maxLength",
      "x-kubernetes-list-map-keys",
      "x-kubernetes-validations",
    );
    const schema = fc.dictionary(keys, fc.oneof(noise, fc.dictionary(keys, noise)));
    fc.assert(
      fc.property(schema, fc.jsonValue(), (openAPIV3Schema, value) => {
        const version = { name: "v1", served: true, schema: { openAPIV3Schema } };
        const names = { kind: "A", plural: "as" };
        const [kind] = kindsOfCrd({ spec: { group: "g", names, versions: [version] } });
        invariant(kind !== undefined, "one version is served");
        validateObject({ spec: value }, kind);
        pruneUnknown(applyDefaults({ spec: value }, kind), kind);
        expect(kind.schema.properties).toHaveProperty("metadata");
      }),
    );
  });
});

/** Recorded: the object's spec, and `field: reason: message` of the causes. */
const RECORDED: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["a required field", {}, ["spec.max: FieldValueRequired: Required value"]],
  [
    "a maximum",
    { max: 500 },
    [
      "spec.max: FieldValueInvalid: Invalid value: 500: spec.max in body should be less than or equal to 100",
    ],
  ],
  [
    "an enum",
    { max: 5, mode: "warp" },
    [
      'spec.mode: FieldValueNotSupported: Unsupported value: "warp": supported values: "fast", "slow"',
    ],
  ],
  [
    "a pattern",
    { max: 5, name: "UP" },
    [
      `spec.name: FieldValueInvalid: Invalid value: "UP": spec.name in body should match '^[a-z]+$'`,
    ],
  ],
  [
    "a length",
    { max: 5, name: "toolong" },
    ["spec.name: FieldValueTooLong: Too long: may not be more than 5 bytes"],
  ],
  [
    "a set",
    { max: 5, tags: ["a", "a"] },
    ['spec.tags[1]: FieldValueDuplicate: Duplicate value: "a"'],
  ],
  [
    "a type",
    { max: "ten" },
    [
      'spec.max: FieldValueTypeInvalid: Invalid value: "string": spec.max in body must be of type integer: "string"',
    ],
  ],
  [
    "a type of the whole",
    "x",
    [
      'spec: FieldValueTypeInvalid: Invalid value: "string": spec in body must be of type object: "string"',
    ],
  ],
  [
    "a number of items",
    { max: 5, tags: ["a", "b", "c", "d"] },
    ["spec.tags: FieldValueTooMany: Too many: 4: must have at most 3 items"],
  ],
  [
    "a keyed list",
    { max: 5, named: [{ name: "a" }, { name: "a" }] },
    ['spec.named[1]: FieldValueDuplicate: Duplicate value: {"name":"a"}'],
  ],
  [
    "int-or-string and an embedded resource",
    { max: 5, any: true, obj: { z: 1 } },
    [
      'spec.any: FieldValueTypeInvalid: Invalid value: "boolean": spec.any in body must be of type integer,string: "boolean"',
      "spec.obj.apiVersion: FieldValueRequired: Required value",
      "spec.obj.kind: FieldValueRequired: Required value",
    ],
  ],
];

/** `field: kind` of the problems with a spec. */
const TABLE: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    "everything in order",
    {
      max: 5,
      min: 2,
      mode: "fast",
      name: "abc",
      tags: ["a"],
      any: "50%",
      nul: null,
      address: "10.0.0.1",
    },
    [],
  ],
  ["a null that is dropped", { max: 5, strict: null }, []],
  ["a required null", { max: null }, ["spec.max: required"]],
  ["a null item", { max: 5, tags: [null] }, ["spec.tags[0]: type"]],
  ["an unknown field", { max: 5, other: 1 }, ["spec.other: unknown-field"]],
  [
    "unknown fields where they are kept",
    { max: 5, free: { a: { b: 1 }, known: { c: 1 } } },
    ["spec.free.known.c: unknown-field"],
  ],
  [
    "an object where any scalar may stand",
    { max: 5, loose: { a: 1, b: { c: 1 } } },
    ["spec.loose.b.c: unknown-field"],
  ],
  ["an exclusive minimum and a step", { max: 5, open: 0 }, ["spec.open: range"]],
  ["a step", { max: 5, open: 0.75 }, ["spec.open: range"]],
  ["too short", { max: 5, name: "a", tags: [] }, ["spec.name: length", "spec.tags: length"]],
  ["too many members", { max: 5, labels: { a: "1", b: "2", c: "3" } }, ["spec.labels: length"]],
  ["a pattern JavaScript cannot read", { max: 5, weird: "anything" }, []],
  ["neither address family", { max: 5, address: "10.0.0.256" }, ["spec.address: combination"]],
  ["the other address family", { max: 5, address: "2001:db8::1" }, []],
  ["one of two", { max: 5, one: { a: "1" } }, []],
  ["none of two", { max: 5, one: {} }, ["spec.one: combination"]],
  [
    "both of two",
    { max: 5, one: { a: "1", b: "2" } },
    ["spec.one: combination", "spec.one: combination"],
  ],
  [
    "embedded metadata",
    {
      max: 5,
      obj: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "x", creationTimestamp: null, lables: {} },
        z: 1,
      },
    },
    ["spec.obj.metadata.lables: unknown-field"],
  ],
  [
    "ports told apart by protocol",
    { max: 5, ports: [{ name: "a" }, { name: "a", protocol: "UDP" }] },
    [],
  ],
  [
    "ports equal by default",
    { max: 5, ports: [{ name: "a", protocol: "TCP" }, { name: "a" }] },
    ["spec.ports[1]: duplicate-key"],
  ],
];

describe("validateObject of a custom kind", () => {
  it.each(RECORDED)("answers as recorded for %s", (_name, spec, causes) => {
    const found = validateObject(gadget(spec), gadgetKind());
    expect(found.map(({ cause }) => `${cause.field}: ${cause.reason}: ${cause.message}`)).toEqual(
      causes,
    );
  });

  it.each(TABLE)("%s", (_name, spec, problems) => {
    const found = validateObject(gadget(spec), gadgetKind());
    expect(found.map(({ cause, kind }) => `${cause.field}: ${kind}`)).toEqual(problems);
  });

  it("holds metadata to ObjectMeta and to the definition", () => {
    const metadata = { name: "much-too-long", labels: { a: 1 }, nope: true };
    const found = validateObject(gadget({ max: 1 }, { metadata }), gadgetKind());
    expect(found.map(({ cause, kind }) => `${cause.field}: ${kind}`)).toEqual([
      "metadata.name: length",
      "metadata.labels.a: type",
      "metadata.nope: unknown-field",
    ]);
  });

  it("reads metadata as the decoder does, nulls and repetitions included", () => {
    const owner = { apiVersion: "v1", kind: "Pod", name: "a", uid: "u" };
    const metadata = { name: "g", finalizers: [null], ownerReferences: [owner, owner] };
    const found = validateObject(gadget({ max: 1 }, { metadata }), gadgetKind());
    expect(found.map(({ cause, severity }) => `${cause.field}: ${severity}`)).toEqual([
      "metadata.ownerReferences[1]: warning",
    ]);
  });

  it("wants a complete status only when status is written", () => {
    const object = gadget({ max: 1 }, { status: {} });
    expect(validateObject(object, gadgetKind())).toEqual([]);
    expect(validateObject(object, gadgetKind(), { status: "written" })).toHaveLength(1);
  });
});

describe("pruneUnknown and applyDefaults", () => {
  it("drops what the schema does not know and fills in what it defaults", () => {
    const object = gadget(
      {
        max: 1,
        unknown: "x",
        size: 2,
        free: { a: { b: 1 }, known: { c: 1 } },
        nested: { list: [{}, { size: 4, x: 1 }] },
        strict: null,
        nul: null,
        loose: { a: 1, b: { c: 1 } },
      },
      { top: 1, metadata: { name: "g", creationTimestamp: null, nope: 1 } },
    );
    const kind = gadgetKind();
    expect(applyDefaults(pruneUnknown(object, kind), kind)).toEqual(
      gadget({
        max: 1,
        min: 1,
        free: { a: { b: 1 }, known: {} },
        nested: { list: [{ size: 3 }, { size: 4 }] },
        nul: null,
        loose: { a: 1, b: {} },
      }),
    );
  });

  it("fills in a default for a null, unless null is a value", () => {
    const object = gadget({ max: 1, min: null, nul: null });
    expect(applyDefaults(object, gadgetKind())).toEqual(gadget({ max: 1, min: 1, nul: null }));
  });

  it("keeps embedded objects that declare nothing", () => {
    const object = gadget({
      max: 1,
      obj: { apiVersion: "v1", kind: "Pod", metadata: { name: "x", nope: 1 }, z: 1 },
    });
    const expected = gadget({
      max: 1,
      obj: { apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, z: 1 },
    });
    expect(pruneUnknown(object, gadgetKind())).toEqual(expected);
  });

  it("returns the very object when there is nothing to do, and never changes it", () => {
    const clean = Object.freeze(gadget(Object.freeze({ max: 1, min: 2, nul: "x" })));
    expect(pruneUnknown(clean, gadgetKind())).toBe(clean);
    expect(applyDefaults(clean, gadgetKind())).toBe(clean);
    const bare = Object.freeze(gadget(Object.freeze({ max: 1, x: 1 })));
    expect(applyDefaults(pruneUnknown(bare, gadgetKind()), gadgetKind())).not.toBe(bare);
  });

  it("agrees with validation: what is left has no unknown fields, and pruning twice changes nothing", () => {
    const names = fc.constantFrom(
      "max",
      "free",
      "obj",
      "nested",
      "list",
      "labels",
      "loose",
      "x",
      "metadata",
      "apiVersion",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.dictionary(names, tie("tree")),
        fc.array(tie("tree"), { maxLength: 2 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(names, tree), (spec) => {
        const pruned = pruneUnknown(gadget(spec), gadgetKind());
        const unknown = validateObject(pruned, gadgetKind()).filter(
          ({ kind }) => kind === "unknown-field",
        );
        expect(unknown).toEqual([]);
        expect(pruneUnknown(pruned, gadgetKind())).toBe(pruned);
      }),
    );
  });
});
