// Published protobuf field numbers and OpenAPI definitions → the table of messages that request bodies are made of, and
// of the names OpenAPI gives them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../src/core/json.ts";
import { formatApiVersion } from "../../src/kubernetes/gvk.ts";
import type { CompactKind } from "../../src/kubernetes/schemas/compact.ts";
import { openApiDocuments } from "./builtin-table.ts";
import { POINTER_FIELDS } from "./pointer-fields.ts";

interface ProtoField {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly repeated: boolean;
}

type Messages = Readonly<Record<string, readonly ProtoField[]>>;
type Definitions = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** `[number, JSON name, type]`; an empty name for fields whose members stand in the parent's JSON. */
export type MessageField = readonly [number, string, string];

/** OpenAPI's name of the message, then its fields. */
export type MessageRow = readonly [string, ...MessageField[]];

export interface MessageTable {
  /** `[apiVersion, kind, index of its message]`. */
  readonly kinds: readonly (readonly [string, string, number])[];
  readonly messages: readonly MessageRow[];
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "s",
  bool: "b",
  int32: "i",
  int64: "i",
  double: "d",
  bytes: "y",
};

/** `folder` is the data folder's `kubernetes`; `kinds` are those that are served. */
export function messageTable(folder: string, kinds: readonly CompactKind[]): MessageTable {
  const definitions = definitionsIn(join(folder, "openapi-v3"));
  const messages = JSON.parse(readFileSync(join(folder, "proto-fields.json"), "utf8")) as Messages;
  const rows: MessageRow[] = [];
  const indexes = new Map<string, number>();

  function indexOf(message: string): number {
    const known = indexes.get(message);
    if (known !== undefined) return known;
    const index = rows.length;
    indexes.set(message, index);
    // Holds the place while the fields are read: messages may contain themselves.
    rows.push([openApiName(message)]);
    rows[index] = [openApiName(message), ...fieldsOf(message)];
    return index;
  }

  function fieldsOf(message: string): readonly MessageField[] {
    const properties = propertiesOf(definitions.get(openApiName(message)));
    return (messages[message] ?? []).map((field) => {
      const name = jsonName(field.name, properties);
      return [field.number, name, typeOf(message, field)];
    });
  }

  function typeOf(message: string, field: ProtoField): string {
    const type = valueType(message, field.type);
    if (field.repeated) return `*${type}`;
    return isPointer(message, field.name) ? `?${type}` : type;
  }

  function valueType(message: string, type: string): string {
    const map = /^map<string,(.*)>$/.exec(type);
    if (map) return `%${valueType(message, map[1] ?? "")}`;
    return SCALARS[type] ?? String(indexOf(resolve(message, type)));
  }

  const roots = kinds.flatMap(({ group = "", version, kind }) => {
    const definition = definitionOf(definitions, group, version, kind);
    const message = definition && messageName(definition);
    if (message === undefined || messages[message] === undefined) return [];
    return [[formatApiVersion(group, version), kind, indexOf(message)] as const];
  });
  return { kinds: roots, messages: rows };
}

function definitionsIn(folder: string): Definitions {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  for (const document of openApiDocuments(folder)) {
    const components = isRecord(document) ? document["components"] : undefined;
    const schemas = isRecord(components) ? components["schemas"] : undefined;
    for (const [name, schema] of Object.entries(isRecord(schemas) ? schemas : {})) {
      if (isRecord(schema)) found.set(name, schema);
    }
  }
  return found;
}

function definitionOf(
  definitions: Definitions,
  group: string,
  version: string,
  kind: string,
): string | undefined {
  for (const [name, definition] of definitions) {
    const kinds = definition["x-kubernetes-group-version-kind"];
    if (!Array.isArray(kinds)) continue;
    if (kinds.some((one) => one.group === group && one.version === version && one.kind === kind)) {
      return name;
    }
  }
  return undefined;
}

/** `io.k8s.api.apps.v1.Deployment` ↔ `k8s.io.api.apps.v1.Deployment`. */
function messageName(definition: string): string {
  return definition.replace(/^io\.k8s\./, "k8s.io.").replaceAll("-", "_");
}

function openApiName(message: string): string {
  return message.replace(/^k8s\.io\./, "io.k8s.").replaceAll("_", "-");
}

/** Names without a leading dot are of the message's own package. */
function resolve(message: string, type: string): string {
  if (type.startsWith(".")) return type.slice(1);
  return `${message.slice(0, message.lastIndexOf("."))}.${type}`;
}

/** Undefined for messages that OpenAPI does not publish, because their members stand in others. */
function propertiesOf(
  definition: Readonly<Record<string, unknown>> | undefined,
): readonly string[] | undefined {
  if (definition === undefined) return undefined;
  const { properties } = definition;
  return isRecord(properties) ? Object.keys(properties) : [];
}

/** Protobuf and JSON spell some names differently: `aPIGroup` and `apiGroup`, `ref` and `$ref`. */
function jsonName(field: string, properties: readonly string[] | undefined): string {
  if (properties === undefined || properties.includes(field)) return field;
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return properties.find((name) => plain(name) === plain(field)) ?? "";
}

function isPointer(message: string, field: string): boolean {
  const short = message.split(".").slice(-3).join(".");
  return (POINTER_FIELDS[short] ?? "").split(" ").includes(field);
}
