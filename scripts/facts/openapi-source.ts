// Published OpenAPI v3 of the built-in groups → FieldSchema: references resolved, apimachinery's special types given
// the formats we recognise, descriptions dropped.

import { isRecord } from "../../src/core/json.ts";
import type { FieldSchema } from "../../src/kubernetes/schemas/schema.ts";
import { POINTER_FIELDS } from "./pointer-fields.ts";

type OpenApi = Readonly<Record<string, unknown>>;

/** The definitions of every group file, by name; equal names mean equal definitions. */
export interface OpenApiSource {
  /** The schema of a definition, the same object every time. */
  schema(definition: string): FieldSchema;
  /** The definition that serves a group, version and kind. */
  definitionOf(group: string, version: string, kind: string): string | undefined;
}

/** Types whose published schema says less than the API does: what they really take, by the end of their name. */
const SPECIAL: readonly (readonly [string, FieldSchema])[] = [
  [".api.resource.Quantity", { type: "string", format: "quantity" }],
  [".util.intstr.IntOrString", { format: "int-or-string", intOrString: true }],
  [".meta.v1.Time", { type: "string", format: "date-time" }],
  [".meta.v1.MicroTime", { type: "string", format: "micro-time" }],
  [".runtime.RawExtension", { type: "object", format: "raw-extension", preserveUnknown: true }],
  [".meta.v1.FieldsV1", { type: "object", format: "fields-v1", preserveUnknown: true }],
  [".apiextensions.v1.JSON", { format: "json", preserveUnknown: true }],
  [".JSONSchemaPropsOrArray", { format: "json", preserveUnknown: true }],
  [".JSONSchemaPropsOrBool", { format: "json", preserveUnknown: true }],
  [".JSONSchemaPropsOrStringArray", { format: "json", preserveUnknown: true }],
];

/** Marked required because their Go type is no pointer, yet the server reads their absence as the zero value. */
const NOT_REQUIRED: Readonly<Record<string, readonly string[]>> = {
  "io.k8s.api.core.v1.HTTPHeader": ["value"],
  "io.k8s.api.core.v1.Sysctl": ["value"],
  "io.k8s.api.apps.v1.ControllerRevision": ["revision"],
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion": [
    "served",
    "storage",
  ],
};

/** OpenAPI name → FieldSchema member, for members copied as they are. */
const COPIED: readonly (readonly [string, keyof FieldSchema])[] = [
  ["type", "type"],
  ["format", "format"],
  ["enum", "enum"],
  ["nullable", "nullable"],
  ["x-kubernetes-list-type", "listType"],
  ["x-kubernetes-list-map-keys", "listMapKeys"],
  ["x-kubernetes-map-type", "mapType"],
  ["x-kubernetes-patch-strategy", "patchStrategy"],
  ["x-kubernetes-patch-merge-key", "patchMergeKey"],
];

export function createOpenApiSource(documents: readonly unknown[]): OpenApiSource {
  const definitions = definitionsIn(documents);
  const read = new Map<string, FieldSchema>();
  const byKind = new Map<string, string>();
  for (const [name, definition] of definitions) {
    for (const kind of kindsOf(definition)) byKind.set(kind, byKind.get(kind) ?? name);
  }

  function schema(name: string): FieldSchema {
    const known = read.get(name);
    if (known) return known;
    const special = SPECIAL.find(([suffix]) => name.endsWith(suffix));
    if (special) return special[1];
    const definition = definitions.get(name);
    if (!definition) throw new Error(`no OpenAPI definition ${name}`);
    const fresh = {};
    // Remembered before it is filled: JSONSchemaProps contains itself.
    read.set(name, fresh);
    const converted = convert(definition, schema, NOT_REQUIRED[name] ?? []);
    return Object.assign(fresh, converted, omitsZeroOf(name, definition));
  }

  return {
    schema,
    definitionOf: (group, version, kind) => byKind.get(`${group}/${version}/${kind}`),
  };
}

function definitionsIn(documents: readonly unknown[]): Map<string, OpenApi> {
  const found = new Map<string, OpenApi>();
  for (const document of documents) {
    const components = isRecord(document) ? document["components"] : undefined;
    const schemas = isRecord(components) ? components["schemas"] : undefined;
    if (!isRecord(schemas)) continue;
    for (const [name, schema] of Object.entries(schemas)) {
      if (isRecord(schema)) found.set(name, schema);
    }
  }
  return found;
}

function kindsOf(definition: OpenApi): string[] {
  const kinds = definition["x-kubernetes-group-version-kind"];
  if (!Array.isArray(kinds)) return [];
  return kinds.map(({ group, version, kind }) => `${group}/${version}/${kind}`);
}

type Resolve = (name: string) => FieldSchema;

function convert(node: OpenApi, resolve: Resolve, optional: readonly string[] = []): FieldSchema {
  const overlay = { ...copiedMembers(node), ...defaultOf(node), ...requiredOf(node, optional) };
  const reference = referenceOf(node);
  if (reference !== undefined) {
    const target = resolve(reference);
    return Object.keys(overlay).length === 0 ? target : { ...target, ...overlay };
  }
  return { ...overlay, ...childrenOf(node, resolve) };
}

function copiedMembers(node: OpenApi): FieldSchema {
  const pairs = COPIED.filter(([name]) => node[name] !== undefined);
  return Object.fromEntries(pairs.map(([name, member]) => [member, node[name]]));
}

/** An empty record as default only says that the Go field is a struct. */
function defaultOf(node: OpenApi): FieldSchema {
  const value = node["default"];
  return value === undefined || isEmptyRecord(value) ? {} : { default: value };
}

function requiredOf(node: OpenApi, optional: readonly string[]): FieldSchema {
  if (!Array.isArray(node["required"])) return {};
  const required = node["required"].map(String).filter((name) => !optional.includes(name));
  return required.length === 0 ? {} : { required };
}

function referenceOf(node: OpenApi): string | undefined {
  const only = Array.isArray(node["allOf"]) ? node["allOf"][0] : node;
  const reference: unknown = isRecord(only) ? only["$ref"] : undefined;
  return typeof reference === "string" ? reference.slice(reference.lastIndexOf("/") + 1) : undefined;
}

function childrenOf(node: OpenApi, resolve: Resolve): FieldSchema {
  const { items, additionalProperties, properties } = node;
  return {
    ...(isRecord(items) ? { items: itemSchema(items, resolve) } : {}),
    ...(isRecord(additionalProperties)
      ? { additionalProperties: itemSchema(additionalProperties, resolve) }
      : {}),
    ...(isRecord(properties) ? { properties: propertySchemas(properties, resolve) } : {}),
    ...alwaysOf(properties),
  };
}

/** Members whose default is an empty record: structs that Go writes even when nothing is set. */
function alwaysOf(properties: unknown): FieldSchema {
  if (!isRecord(properties)) return {};
  const structs = Object.entries(properties).filter(
    ([, property]) => isRecord(property) && isEmptyRecord(property["default"]),
  );
  return structs.length === 0 ? {} : { always: structs.map(([name]) => name) };
}

const SCALAR_TYPES: ReadonlySet<unknown> = new Set(["string", "boolean", "integer", "number"]);

/** Optional scalars that are no pointers in Go: it leaves them out when they are zero. */
function omitsZeroOf(name: string, { properties, required }: OpenApi): FieldSchema {
  if (!isRecord(properties)) return {};
  const pointers = new Set(pointersOf(name).map(plainName));
  const written = new Set(Array.isArray(required) ? required.map(String) : []);
  const names = Object.entries(properties)
    .filter(([, property]) => isRecord(property) && SCALAR_TYPES.has(property["type"]))
    .filter(([, property]) => isRecord(property) && property["default"] === undefined)
    .map(([field]) => field)
    .filter((field) => !written.has(field) && !pointers.has(plainName(field)));
  return names.length === 0 ? {} : { omitsZero: names };
}

/** `io.k8s.api.apps.v1.DeploymentSpec` is known by its last three parts. */
function pointersOf(name: string): readonly string[] {
  return (POINTER_FIELDS[name.split(".").slice(-3).join(".")] ?? "").split(" ");
}

/** JSON and protobuf spell some names differently: `x-kubernetes-map-type`, `xKubernetesMapType`. */
function plainName(name: string): string {
  return name.replaceAll("-", "").toLowerCase();
}

function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

/** Items and map values carry a default that no server applies: an absent item does not exist. */
function itemSchema(node: OpenApi, resolve: Resolve): FieldSchema {
  const { default: _default, ...rest } = node;
  return convert(rest, resolve);
}

function propertySchemas(properties: OpenApi, resolve: Resolve): Record<string, FieldSchema> {
  const pairs = Object.entries(properties).map(([name, property]) => {
    return [name, isRecord(property) ? convert(property, resolve) : {}] as const;
  });
  return Object.fromEntries(pairs);
}
