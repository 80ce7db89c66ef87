// Schemas of kinds as OpenAPI components: a definition per Go type, referring to each other by name as the API server's
// own documents do. Names come from the message table; custom kinds stand alone but for their metadata.

import { isRecord } from "../../../core/index.ts";
import { openApiOf } from "../../../kubernetes/index.ts";
import type { FieldSchema, KindFacts } from "../../../kubernetes/index.ts";
import { messageOfKind, messageType } from "../protobuf/message-types.ts";
import type { FieldType, MessageType } from "../protobuf/message-types.ts";
import { definitionName } from "./definition-names.ts";
import { enumOf } from "./enumerated-fields.ts";
import { wellKnownSchema } from "./well-known-schemas.ts";
import { formatApiVersion } from "../../../kubernetes/index.ts";

export type OpenApiNode = Record<string, unknown>;

export interface Components {
  readonly schemas: Record<string, OpenApiNode>;
  /** Adds a kind and everything it refers to; returns its name. */
  addKind(facts: KindFacts): string;
}

/** `prefix` stands before names in references: `#/components/schemas/`. */
export function createComponents(prefix: string): Components {
  const schemas: Record<string, OpenApiNode> = {};
  const refer = (name: string): OpenApiNode => ({ $ref: prefix + name });

  function define(type: MessageType, schema: FieldSchema): OpenApiNode {
    const name = type.definition;
    // A named list (`ExtraValue`) is a message on the wire and no definition of its own.
    if (schema.type === "array") return openApiOf(schema);
    if (schemas[name] === undefined) {
      const node: OpenApiNode = {};
      // Remembered before it is filled, because types may contain themselves.
      schemas[name] = node;
      Object.assign(node, wellKnownSchema(name) ?? record(type, schema));
    }
    return refer(name);
  }

  function record(type: MessageType, schema: FieldSchema): OpenApiNode {
    const fields = fieldsByName(type);
    const properties: OpenApiNode = {};
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      properties[name] = enumerated(
        property(member, fields.get(name)),
        enumOf(type.definition, name),
      );
    }
    return {
      ...openApiOf(withoutChildren(schema)),
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
    };
  }

  function property(schema: FieldSchema, field: FieldType | undefined): OpenApiNode {
    if (field === undefined || typeof field.value !== "number") return { ...openApiOf(schema) };
    const type = messageType(field.value);
    if (field.arity === "one") {
      const overlay = openApiOf(overlayOf(schema));
      const reference = define(type, schema);
      return Object.keys(overlay).length === 0 ? reference : { allOf: [reference], ...overlay };
    }
    const child = field.arity === "list" ? "items" : "additionalProperties";
    return { ...openApiOf(withoutChildren(schema)), [child]: define(type, schema[child] ?? {}) };
  }

  function addBuiltin(facts: KindFacts, type: MessageType): string {
    define(type, facts.schema);
    return type.definition;
  }

  function addCustom(facts: KindFacts): string {
    const name = definitionName(facts);
    const { metadata, ...rest } = facts.schema.properties ?? {};
    const meta = messageOfKind("v1", "Pod")?.fields.find((field) => field.name === "metadata");
    const node = { ...openApiOf({ ...facts.schema, properties: rest }) };
    const properties = isRecord(node["properties"]) ? node["properties"] : {};
    const reference = metadata === undefined ? {} : { metadata: property(metadata, meta) };
    schemas[name] = { ...node, properties: { ...properties, ...reference } };
    return name;
  }

  return {
    schemas,
    addKind(facts) {
      const { group, version, kind } = facts;
      const type =
        facts.custom === undefined
          ? messageOfKind(formatApiVersion(group, version), kind)
          : undefined;
      const name = type === undefined ? addCustom(facts) : addBuiltin(facts, type);
      const node = schemas[name];
      if (node !== undefined) node["x-kubernetes-group-version-kind"] = [{ group, version, kind }];
      return name;
    },
  };
}

/** The values stand with the items of a list or map. */
function enumerated(node: OpenApiNode, values: readonly string[] | undefined): OpenApiNode {
  if (values === undefined) return node;
  for (const child of ["items", "additionalProperties"] as const) {
    const item = node[child];
    if (isRecord(item)) return { ...node, [child]: { ...item, enum: values } };
  }
  return { ...node, enum: values };
}

/** JSON name → field, with the members of inlined messages among their parent's. */
function fieldsByName(type: MessageType): ReadonlyMap<string, FieldType> {
  const found = new Map<string, FieldType>();
  for (const field of type.fields) {
    if (field.name !== "") found.set(field.name, field);
    else if (typeof field.value === "number") {
      for (const [name, member] of fieldsByName(messageType(field.value))) found.set(name, member);
    }
  }
  return found;
}

function withoutChildren(schema: FieldSchema): FieldSchema {
  const { properties: _properties, items: _items, additionalProperties: _values, ...rest } = schema;
  return rest;
}

/** What a field says beside its type, which the definition it refers to has already. */
function overlayOf(schema: FieldSchema): FieldSchema {
  const { patchStrategy, patchMergeKey, mapType, nullable } = schema;
  return {
    ...(patchStrategy === undefined ? {} : { patchStrategy }),
    ...(patchMergeKey === undefined ? {} : { patchMergeKey }),
    ...(mapType === undefined ? {} : { mapType }),
    ...(nullable === undefined ? {} : { nullable }),
  };
}
