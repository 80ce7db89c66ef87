// Schemas → node table. Structurally equal schemas share one node (hash-consing), and a schema that contains itself
// keeps one node that its own descendants refer to.

import type { CompactNode } from "./compact.ts";
import { CHILD_KEYS, CHILD_LIST_KEYS, PROPERTIES_KEY, VALUE_KEYS } from "./compact.ts";
import type { FieldSchema } from "./schema.ts";

/** Collects schemas into one table. */
export interface NodeTable {
  /** The index of the schema's node, adding it and what it reaches when new. */
  add(schema: FieldSchema): number;
  readonly nodes: readonly CompactNode[];
}

type Entry = readonly [string, unknown];

export function createNodeTable(): NodeTable {
  const nodes: CompactNode[] = [];
  const byText = new Map<string, number>();
  const known = new Map<FieldSchema, number>();
  const open = new Set<FieldSchema>();

  function add(schema: FieldSchema): number {
    const seen = known.get(schema);
    if (seen !== undefined) return seen;
    if (open.has(schema)) return reserve(schema);
    open.add(schema);
    const node = Object.fromEntries([...valueEntries(schema), ...childEntries(schema, add)]);
    open.delete(schema);
    return place(schema, node);
  }

  /** A schema met inside itself gets its index before its content is known. */
  function reserve(schema: FieldSchema): number {
    const index = nodes.push({}) - 1;
    known.set(schema, index);
    return index;
  }

  function place(schema: FieldSchema, node: CompactNode): number {
    const reserved = known.get(schema);
    const text = JSON.stringify(node);
    const index = reserved ?? byText.get(text) ?? nodes.push(node) - 1;
    if (reserved !== undefined) nodes[reserved] = node;
    byText.set(text, index);
    known.set(schema, index);
    return index;
  }

  return { add, nodes };
}

function valueEntries(schema: FieldSchema): Entry[] {
  const members = schema as Readonly<Record<string, unknown>>;
  return Object.entries(VALUE_KEYS)
    .filter(([member]) => members[member] !== undefined)
    .map(([member, key]) => [key, compactValue(member, members[member])] as const);
}

/** Flags are stored as 1; a default of `true` is a value and stays. */
function compactValue(member: string, value: unknown): unknown {
  return value === true && member !== "default" ? 1 : value;
}

function childEntries(schema: FieldSchema, add: (child: FieldSchema) => number): Entry[] {
  const entries: Entry[] = [];
  for (const member of ["items", "additionalProperties", "not"] as const) {
    const child = schema[member];
    if (child !== undefined) entries.push([CHILD_KEYS[member], add(child)]);
  }
  for (const member of ["anyOf", "oneOf", "allOf"] as const) {
    const children = schema[member];
    if (children !== undefined) entries.push([CHILD_LIST_KEYS[member], children.map(add)]);
  }
  if (schema.properties !== undefined) {
    const pairs = Object.entries(schema.properties).map(([name, child]) => [name, add(child)]);
    entries.push([PROPERTIES_KEY, Object.fromEntries(pairs)]);
  }
  return entries;
}
