// What is wrong with definitions, in the words of apiextensions-apiserver v0.36.2: its ValidateCustomResourceDefinition
// (pkg/apis/apiextensions/validation) was asked about each of them.

import { describe, expect, it } from "vitest";
import { type KubernetesObject, loadExpressions } from "../../../../kubernetes/index.ts";
import { bringsRules, validateDefinitionRules } from "./definition-rules.ts";
import {
  validateDefinition,
  validateDefinitionUpdate,
  validateNewDefinition,
} from "./definition.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Case {
  readonly name: string;
  readonly schema?: Fields;
  readonly version?: Fields;
  readonly spec?: Fields;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly says: readonly string[];
}

function definitionOf({
  schema = { type: "object" },
  version,
  spec,
  annotations,
}: Case): KubernetesObject {
  const names = { plural: "plurals", singular: "plural", kind: "Plural", listKind: "PluralList" };
  const only = {
    name: "v1",
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schema },
    ...version,
  };
  const whole = {
    group: "group.com",
    scope: "Namespaced",
    names,
    conversion: { strategy: "None" },
    versions: [only],
    ...spec,
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `plurals.${whole.group}`, ...(annotations && { annotations }) },
    spec: whole,
  };
}

const CASES: readonly Case[] = [
  {
    name: "a plain schema",
    schema: { type: "object", properties: { a: { type: "string" } } },
    says: [],
  },
  {
    name: "no type at the root",
    schema: { properties: { a: { type: "string" } } },
    says: ["spec.validation.openAPIV3Schema.type: Required value: must not be empty at the root"],
  },
  {
    name: "another type at the root",
    schema: { type: "string" },
    says: [
      'spec.validation.openAPIV3Schema.type: Invalid value: "string": must be object at the root',
    ],
  },
  {
    name: "fields and items without a type",
    schema: {
      type: "object",
      properties: {
        a: {},
        b: { type: "array", items: {} },
        c: { type: "array" },
        d: { type: "object", additionalProperties: {} },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
      "spec.validation.openAPIV3Schema.properties[b].items.type: Required value: must not be empty for specified array items",
      "spec.validation.openAPIV3Schema.properties[c].items: Required value: must be specified",
      "spec.validation.openAPIV3Schema.properties[d].additionalProperties.type: Required value: must not be empty for specified object fields",
    ],
  },
  {
    name: "free keys at the root",
    schema: { type: "object", additionalProperties: { type: "string" } },
    says: [
      "spec.validation.openAPIV3Schema.additionalProperties: Forbidden: must not be used at the root",
    ],
  },
  {
    name: "any keys at the root",
    schema: { type: "object", additionalProperties: true },
    says: [
      "spec.validation.openAPIV3Schema.additionalProperties: Forbidden: must not be used at the root",
    ],
  },
  {
    name: "free keys beside fields",
    schema: {
      type: "object",
      properties: {
        a: {
          type: "object",
          properties: { b: { type: "string" } },
          additionalProperties: { type: "string" },
        },
        b: { type: "object", properties: { b: { type: "string" } }, additionalProperties: false },
        c: { type: "object", properties: { b: { type: "string" } }, additionalProperties: true },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
      "spec.validation.openAPIV3Schema.properties[b].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
    ],
  },
  {
    name: "extensions that exclude each other",
    schema: {
      type: "object",
      properties: {
        a: { "x-kubernetes-int-or-string": true, "x-kubernetes-preserve-unknown-fields": true },
        b: { "x-kubernetes-int-or-string": true, "x-kubernetes-embedded-resource": true },
        c: { "x-kubernetes-embedded-resource": true },
        d: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          additionalProperties: { type: "string" },
        },
        e: { type: "string", "x-kubernetes-embedded-resource": true },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true",
      "spec.validation.openAPIV3Schema.properties[b].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      "spec.validation.openAPIV3Schema.properties[b].type: Required value: must be object if x-kubernetes-embedded-resource is true",
      "spec.validation.openAPIV3Schema.properties[b].x-kubernetes-embedded-resource: Invalid value: true: must be false if x-kubernetes-int-or-string is true",
      "spec.validation.openAPIV3Schema.properties[c].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      "spec.validation.openAPIV3Schema.properties[c].type: Required value: must be object if x-kubernetes-embedded-resource is true",
      "spec.validation.openAPIV3Schema.properties[d].additionalProperties: Forbidden: must not be used if x-kubernetes-embedded-resource is set",
      "spec.validation.openAPIV3Schema.properties[d].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      "spec.validation.openAPIV3Schema.properties[e].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      'spec.validation.openAPIV3Schema.properties[e].type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true',
    ],
  },
  {
    name: "unknown fields not preserved",
    schema: {
      type: "object",
      properties: { a: { type: "object", "x-kubernetes-preserve-unknown-fields": false } },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined",
    ],
  },
  {
    name: "more than the names of metadata",
    schema: {
      type: "object",
      properties: {
        metadata: {
          type: "object",
          properties: { name: { type: "string", maxLength: 3 }, labels: { type: "object" } },
        },
        kind: { type: "integer" },
        apiVersion: { type: "object" },
      },
    },
    says: [
      'spec.validation.openAPIV3Schema.properties[apiVersion].type: Invalid value: "object": must be string',
      'spec.validation.openAPIV3Schema.properties[kind].type: Invalid value: "integer": must be string',
      "spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
    ],
  },
  {
    name: "the name of metadata",
    schema: {
      type: "object",
      properties: {
        metadata: { type: "object", properties: { name: { type: "string", maxLength: 3 } } },
      },
    },
    says: [],
  },
  {
    name: "a description of metadata",
    schema: { type: "object", properties: { metadata: { type: "object", description: "x" } } },
    says: [
      "spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
    ],
  },
  {
    name: "metadata that is a text",
    schema: { type: "object", properties: { metadata: { type: "string" } } },
    says: [
      'spec.validation.openAPIV3Schema.properties[metadata].type: Invalid value: "string": must be object',
    ],
  },
  {
    name: "a default in metadata",
    schema: {
      type: "object",
      properties: {
        metadata: { type: "object", properties: { name: { type: "string", default: "x" } } },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[metadata].properties[name].default: Forbidden: must not be set in top-level metadata",
    ],
  },
  {
    name: "conditions that say more than conditions may",
    schema: {
      type: "object",
      properties: {
        spec: {
          type: "object",
          properties: { a: { type: "string" }, b: { type: "integer" } },
          anyOf: [
            {
              properties: {
                a: { type: "string", description: "d", default: "x", nullable: true, title: "t" },
              },
            },
            { properties: { c: { minLength: 2 } } },
          ],
          allOf: [
            { "x-kubernetes-validations": [{ rule: "true" }] },
            { additionalProperties: { minLength: 2 } },
          ],
          oneOf: [{ required: ["a"] }, { items: { minLength: 2 } }],
          not: {
            properties: { metadata: { minLength: 2 } },
            "x-kubernetes-preserve-unknown-fields": true,
            "x-kubernetes-embedded-resource": true,
            "x-kubernetes-int-or-string": true,
            "x-kubernetes-list-type": "set",
            "x-kubernetes-map-type": "atomic",
            "x-kubernetes-list-map-keys": ["a"],
          },
        },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[spec].allOf[0].x-kubernetes-validations: Forbidden: must be empty to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].allOf[1].additionalProperties: Forbidden: must be undefined to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].anyOf[0].properties[a].default: Forbidden: must be undefined to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].anyOf[0].properties[a].description: Forbidden: must be empty to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].anyOf[0].properties[a].nullable: Forbidden: must be false to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].anyOf[0].properties[a].title: Forbidden: must be empty to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].anyOf[0].properties[a].type: Forbidden: must be empty to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].not.properties[metadata]: Forbidden: must not be specified in a nested context",
      "spec.validation.openAPIV3Schema.properties[spec].not.type: Required value: must be array if x-kubernetes-list-type is specified",
      "spec.validation.openAPIV3Schema.properties[spec].not.type: Required value: must be object if x-kubernetes-map-type is specified",
      "spec.validation.openAPIV3Schema.properties[spec].not.x-kubernetes-embedded-resource: Forbidden: must be false to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].not.x-kubernetes-int-or-string: Forbidden: must be false to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].not.x-kubernetes-list-map-keys: Forbidden: must be empty to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].not.x-kubernetes-list-type: Forbidden: must be undefined to be structural",
      'spec.validation.openAPIV3Schema.properties[spec].not.x-kubernetes-list-type: Invalid value: "set": must be map if x-kubernetes-list-map-keys is non-empty',
      "spec.validation.openAPIV3Schema.properties[spec].not.x-kubernetes-map-type: Forbidden: must be undefined to be structural",
      "spec.validation.openAPIV3Schema.properties[spec].not.x-kubernetes-preserve-unknown-fields: Forbidden: must be false to be structural",
    ],
  },
  {
    name: "conditions about what is not there",
    schema: {
      type: "object",
      properties: {
        a: { type: "string" },
        l: { type: "array", items: { type: "object", properties: { k: { type: "string" } } } },
      },
      anyOf: [
        {
          properties: {
            z: { minLength: 2 },
            l: { items: { properties: { q: { minLength: 2 } } } },
          },
        },
        { properties: { a: { items: { minLength: 2 } } } },
      ],
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].items: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[1].properties[a].items",
      "spec.validation.openAPIV3Schema.properties[l].items.properties[q]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[0].properties[l].items.properties[q]",
      "spec.validation.openAPIV3Schema.properties[z]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[0].properties[z]",
    ],
  },
  {
    name: "numbers or texts",
    schema: {
      type: "object",
      properties: {
        a: { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true },
        b: {
          allOf: [{ anyOf: [{ type: "integer" }, { type: "string" }] }, { pattern: "a" }],
          "x-kubernetes-int-or-string": true,
        },
        c: { anyOf: [{ type: "string" }, { type: "integer" }], "x-kubernetes-int-or-string": true },
        d: { type: "string", anyOf: [{ type: "integer" }, { type: "string" }] },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[c].anyOf[0].type: Forbidden: must be empty to be structural",
      "spec.validation.openAPIV3Schema.properties[c].anyOf[1].type: Forbidden: must be empty to be structural",
    ],
  },
  {
    name: "types that are none",
    schema: {
      type: "object",
      properties: {
        a: { type: "date" },
        b: { type: "null" },
        c: { type: "string", uniqueItems: true },
      },
    },
    says: [
      'spec.validation.openAPIV3Schema.properties[a].type: Unsupported value: "date": supported values: "array", "boolean", "integer", "number", "object", "string"',
      "spec.validation.openAPIV3Schema.properties[b].type: Forbidden: type cannot be set to null, use nullable as an alternative",
      'spec.validation.openAPIV3Schema.properties[b].type: Unsupported value: "null": supported values: "array", "boolean", "integer", "number", "object", "string"',
      "spec.validation.openAPIV3Schema.properties[c].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
    ],
  },
  {
    name: "map types",
    schema: {
      type: "object",
      properties: {
        a: { type: "string", "x-kubernetes-map-type": "atomic" },
        b: { type: "object", "x-kubernetes-map-type": "odd" },
      },
    },
    says: [
      'spec.validation.openAPIV3Schema.properties[a].type: Invalid value: "string": must be object if x-kubernetes-map-type is specified',
      'spec.validation.openAPIV3Schema.properties[b].x-kubernetes-map-type: Unsupported value: "odd": supported values: "atomic", "granular"',
    ],
  },
  {
    name: "list types",
    schema: {
      type: "object",
      properties: {
        a: { type: "string", "x-kubernetes-list-type": "atomic" },
        b: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "odd" },
        c: { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "set" },
        d: {
          type: "array",
          items: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
          "x-kubernetes-list-type": "set",
        },
        e: { type: "array", items: { type: "string" }, "x-kubernetes-list-map-keys": ["a"] },
        f: {
          type: "array",
          items: { type: "string" },
          "x-kubernetes-list-map-keys": ["a"],
          "x-kubernetes-list-type": "set",
        },
      },
    },
    says: [
      'spec.validation.openAPIV3Schema.properties[a].type: Invalid value: "string": must be array if x-kubernetes-list-type is specified',
      'spec.validation.openAPIV3Schema.properties[b].x-kubernetes-list-type: Unsupported value: "odd": supported values: "atomic", "set", "map"',
      "spec.validation.openAPIV3Schema.properties[c].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set",
      'spec.validation.openAPIV3Schema.properties[d].items.x-kubernetes-list-type: Invalid value: "set": must be atomic as item of a list with x-kubernetes-list-type=set',
      "spec.validation.openAPIV3Schema.properties[e].x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty",
      'spec.validation.openAPIV3Schema.properties[f].x-kubernetes-list-type: Invalid value: "set": must be map if x-kubernetes-list-map-keys is non-empty',
    ],
  },
  {
    name: "lists with keys",
    schema: {
      type: "object",
      properties: {
        a: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "map" },
        b: {
          type: "array",
          items: {
            type: "object",
            properties: {
              k: { type: "string" },
              o: { type: "object" },
              n: { type: "string", nullable: true },
              d: { type: "string", default: "x" },
            },
            required: ["o"],
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["k", "o", "n", "d", "zz", "k"],
        },
        c: {
          type: "array",
          items: {
            type: "object",
            nullable: true,
            properties: { k: { type: "string" } },
            required: ["k"],
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["k"],
        },
        e: {
          type: "array",
          items: { type: "string", nullable: true },
          "x-kubernetes-list-type": "set",
        },
      },
    },
    says: [
      'spec.validation.openAPIV3Schema.properties[a].items.type: Invalid value: "string": must be object if parent array\'s x-kubernetes-list-type is map',
      "spec.validation.openAPIV3Schema.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map",
      "spec.validation.openAPIV3Schema.properties[b].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
      "spec.validation.openAPIV3Schema.properties[b].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
      "spec.validation.openAPIV3Schema.properties[b].items.properties[n].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
      "spec.validation.openAPIV3Schema.properties[b].items.properties[n].nullable: Forbidden: this property is in x-kubernetes-list-map-keys, so it cannot be nullable",
      'spec.validation.openAPIV3Schema.properties[b].items.properties[o].type: Invalid value: "object": must be a scalar type if parent array\'s x-kubernetes-list-type is map',
      'spec.validation.openAPIV3Schema.properties[b].x-kubernetes-list-map-keys: Invalid value: ["k","o","n","d","zz","k"]: entries must all be names of item properties',
      'spec.validation.openAPIV3Schema.properties[b].x-kubernetes-list-map-keys: Invalid value: ["k","o","n","d","zz","k"]: must not contain duplicate entries',
      "spec.validation.openAPIV3Schema.properties[c].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is map",
      "spec.validation.openAPIV3Schema.properties[e].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set",
    ],
  },
  {
    name: "what the dialect does not have",
    schema: {
      type: "object",
      properties: {
        a: { type: "string", id: "x" },
        b: { type: "object", patternProperties: { a: { type: "string" } } },
        c: { type: "object", definitions: { a: { type: "string" } } },
        d: { $ref: "#/x" },
        e: { type: "array", items: { type: "string" }, additionalItems: true },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].id: Forbidden: id is not supported",
      "spec.validation.openAPIV3Schema.properties[b].patternProperties: Forbidden: patternProperties is not supported",
      "spec.validation.openAPIV3Schema.properties[c].definitions: Forbidden: definitions is not supported",
      "spec.validation.openAPIV3Schema.properties[d].$ref: Forbidden: $ref is not supported",
      "spec.validation.openAPIV3Schema.properties[e].additionalItems: Forbidden: additionalItems is not supported",
    ],
  },
  {
    name: "patterns that are no regular expressions for Go",
    schema: {
      type: "object",
      properties: {
        a: { type: "string", pattern: "(" },
        b: { type: "string", anyOf: [{ pattern: "^(?!a)" }, { pattern: "^a$" }] },
        c: { type: "array", items: { type: "string", pattern: String.raw`^[\w.-]+\z` } },
      },
    },
    says: [
      'spec.validation.openAPIV3Schema.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
      'spec.validation.openAPIV3Schema.properties[b].anyOf[0].pattern: Invalid value: "^(?!a)": must be a valid regular expression, but isn\'t: error parsing regexp: invalid or unsupported Perl syntax: `(?!`',
    ],
  },
  {
    name: "null at the root",
    schema: { type: "object", nullable: true },
    says: [
      "spec.validation.openAPIV3Schema.nullable: Forbidden: nullable cannot be true at the root",
    ],
  },
  {
    name: "a condition at the root beside a status",
    schema: { type: "object", properties: { a: { type: "string" } } },
    version: { subresources: { status: {} } },
    says: [],
  },
  {
    name: "a text with a status",
    schema: { type: "string" },
    version: { subresources: { status: {} } },
    says: [
      'spec.validation.openAPIV3Schema.type: Invalid value: "string": must be object at the root',
      'spec.validation.openAPIV3Schema.type: Invalid value: "string": only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
    ],
  },
  {
    name: "a group without a dot",
    spec: { group: "nodot" },
    says: ['spec.group: Invalid value: "nodot": should be a domain with at least one dot'],
  },
  {
    name: "a kind named as its list",
    spec: { names: { plural: "plurals", singular: "plural", kind: "Plural", listKind: "Plural" } },
    says: ['spec.names.listKind: Invalid value: "Plural": kind and listKind may not be the same'],
  },
  {
    name: "an unknown scope",
    spec: { scope: "Both" },
    says: ['spec.scope: Unsupported value: "Both": supported values: "Cluster", "Namespaced"'],
  },
  {
    name: "a version's name",
    version: { name: "V1" },
    says: [
      "spec.version: Invalid value: \"V1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      "spec.versions[0].name: Invalid value: \"V1\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    ],
  },
  {
    name: "versions that differ",
    spec: {
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { a: {} } } },
        },
        {
          name: "v2",
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { type: "object", properties: { b: {} } } },
          subresources: { scale: { specReplicasPath: "spec.x", statusReplicasPath: ".spec.x" } },
          additionalPrinterColumns: [{ name: "", type: "odd", jsonPath: "a" }],
        },
      ],
    },
    says: [
      "spec.versions[0].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
      'spec.versions[1].additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .',
      "spec.versions[1].additionalPrinterColumns[0].name: Required value",
      'spec.versions[1].additionalPrinterColumns[0].type: Invalid value: "odd": must be one of boolean,date,integer,number,string',
      "spec.versions[1].schema.openAPIV3Schema.properties[b].type: Required value: must not be empty for specified object fields",
      'spec.versions[1].subresources.scale.specReplicasPath: Invalid value: "spec.x": must be a simple json path starting with .',
      'spec.versions[1].subresources.scale.statusReplicasPath: Invalid value: ".spec.x": should be a json path under .status',
    ],
  },
  {
    name: "versions that are alike",
    schema: { type: "object", properties: { a: {} } },
    version: {
      subresources: {
        scale: { specReplicasPath: ".status.x", statusReplicasPath: "", labelSelectorPath: ".a" },
      },
      additionalPrinterColumns: [
        { name: "a", type: "", jsonPath: "" },
        { name: "b", type: "string", format: "x", jsonPath: ".a" },
      ],
    },
    says: [
      "spec.additionalPrinterColumns[0].JSONPath: Required value",
      "spec.additionalPrinterColumns[0].type: Required value: must be one of boolean,date,integer,number,string",
      'spec.additionalPrinterColumns[1].format: Invalid value: "x": must be one of byte,date,date-time,double,float,int32,int64,password',
      'spec.subresources.scale.labelSelectorPath: Invalid value: ".a": should be a json path under either .spec or .status',
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.x": should be a json path under .spec',
      "spec.subresources.scale.statusReplicasPath: Required value",
      "spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
    ],
  },
  {
    name: "an unknown conversion",
    spec: { conversion: { strategy: "Odd" } },
    says: [
      'spec.conversion.strategy: Unsupported value: "Odd": supported values: "None", "Webhook"',
    ],
  },
  {
    name: "conversion by nobody",
    spec: { conversion: { strategy: "Webhook" } },
    says: [
      "spec.conversion.conversionReviewVersions: Required value",
      "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
    ],
  },
  {
    name: "a webhook that does not convert",
    spec: {
      conversion: {
        strategy: "None",
        webhook: { conversionReviewVersions: ["v1"], clientConfig: { url: "https://a.b" } },
      },
    },
    says: [
      "spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook",
      "spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook",
    ],
  },
  {
    name: "a webhook of an unknown kind",
    spec: {
      conversion: {
        strategy: "Webhook",
        webhook: { conversionReviewVersions: ["v3"], clientConfig: { url: "http://a.b" } },
      },
    },
    says: [
      'spec.conversion.conversionReviewVersions: Invalid value: ["v3"]: must include at least one of v1, v1beta1',
      "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
    ],
  },
  {
    name: "unknown fields of the old days",
    spec: { preserveUnknownFields: true },
    says: [
      "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
    ],
  },
  {
    name: "a protected group",
    spec: { group: "x.k8s.io" },
    says: [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  },
  {
    name: "a protected group, badly approved",
    spec: { group: "x.k8s.io" },
    annotations: { "api-approved.kubernetes.io": "nonsense" },
    says: [
      'metadata.annotations[api-approved.kubernetes.io]: Invalid value: "nonsense": protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  },
  {
    name: "a protected group, not approved",
    spec: { group: "x.k8s.io" },
    annotations: { "api-approved.kubernetes.io": "unapproved, test" },
    says: [],
  },
  {
    name: "a protected group, approved",
    spec: { group: "kubernetes.io" },
    annotations: { "api-approved.kubernetes.io": "https://github.com/x" },
    says: [],
  },
  {
    name: "defaults that are not allowed",
    schema: {
      type: "object",
      properties: {
        a: { type: "string", default: 5 },
        b: { type: "object", properties: { c: { type: "string" } }, default: { d: 1 } },
        e: { type: "integer", minimum: 3, default: 1 },
        f: { type: "array", items: { type: "string" }, default: ["x", 1] },
        g: { type: "string", enum: ["a"], default: "b" },
        h: { type: "object", properties: { c: { type: "string" } }, required: ["c"], default: {} },
      },
    },
    says: [
      'spec.validation.openAPIV3Schema.properties[a].default: Invalid value: "integer":  in body must be of type string: "integer"',
      'spec.validation.openAPIV3Schema.properties[b].default: Invalid value: {"d":1}: must not have unknown fields',
      "spec.validation.openAPIV3Schema.properties[e].default: Invalid value: 1:  in body should be greater than or equal to 3",
      'spec.validation.openAPIV3Schema.properties[f].default.[1]: Invalid value: "integer": [1] in body must be of type string: "integer"',
      'spec.validation.openAPIV3Schema.properties[g].default: Unsupported value: "b": supported values: "a"',
      "spec.validation.openAPIV3Schema.properties[h].default.c: Required value",
    ],
  },
  {
    name: "fields to select by",
    schema: {
      type: "object",
      properties: {
        spec: { type: "object", properties: { a: { type: "string" }, o: { type: "object" } } },
      },
    },
    version: {
      selectableFields: [
        { jsonPath: ".spec.a" },
        { jsonPath: ".spec.o" },
        { jsonPath: ".spec.zz" },
        { jsonPath: "" },
        { jsonPath: ".metadata.name" },
        { jsonPath: ".spec.a" },
      ],
    },
    says: [
      'spec.selectableFields[1].jsonPath: Invalid value: ".spec.o": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      'spec.selectableFields[2].jsonPath: Invalid value: ".spec.zz": is an invalid path: does not refer to a valid field',
      "spec.selectableFields[3].jsonPath: Required value",
      'spec.selectableFields[4].jsonPath: Invalid value: ".metadata.name": is an invalid path: does not refer to a valid field',
      'spec.selectableFields[5].jsonPath: Duplicate value: ".spec.a"',
    ],
  },
  {
    name: "a warning of nothing",
    version: { deprecated: false, deprecationWarning: "x" },
    says: [
      'spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions',
    ],
  },
  {
    name: "an empty warning",
    version: { deprecated: true, deprecationWarning: "" },
    says: ['spec.versions[0].deprecationWarning: Invalid value: "": must not be an empty string'],
  },
  {
    name: "a rule about nothing known",
    schema: {
      type: "object",
      properties: {
        a: {
          "x-kubernetes-preserve-unknown-fields": true,
          "x-kubernetes-validations": [{ rule: "true" }],
        },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].x-kubernetes-validations: Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations",
    ],
  },
  {
    name: "rules of a wrong schema are not looked at",
    schema: {
      type: "object",
      properties: { a: {}, b: { type: "string", "x-kubernetes-validations": [{ rule: "nope" }] } },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
    ],
  },
  {
    name: "an embedded object",
    schema: {
      type: "object",
      properties: {
        metadata: { type: "object", properties: { name: { type: "string" } } },
        t: {
          type: "object",
          "x-kubernetes-embedded-resource": true,
          properties: {
            metadata: {
              type: "object",
              properties: {
                labels: { type: "object", additionalProperties: { type: "string", default: "x" } },
              },
            },
          },
        },
      },
    },
    says: [
      "spec.validation.openAPIV3Schema.properties[t].properties[metadata].properties[labels].additionalProperties.default: Forbidden: must not be set inside additionalProperties applying to object metadata",
    ],
  },
];

describe("a definition", () => {
  it.each(CASES)("$name", async (row) => {
    const definition = definitionOf(row);
    const causes = [...validateDefinition(definition), ...validateNewDefinition(definition)];
    if (bringsRules(definition, undefined, causes)) {
      causes.push(...validateDefinitionRules(await loadExpressions(), definition, undefined));
    }
    expect(causes.map(({ field, message }) => `${field}: ${message}`).sort()).toEqual(row.says);
  });

  it("keeps what is stored, whatever is wrong with it", () => {
    const old = definitionOf({ name: "", schema: { properties: { a: {} } }, says: [] });
    const next = { ...old, metadata: { ...old.metadata, labels: { a: "b" } } };
    expect(validateNewDefinition(old)).not.toEqual([]);
    expect(validateDefinitionUpdate(next, old)).toEqual([]);
  });
});
