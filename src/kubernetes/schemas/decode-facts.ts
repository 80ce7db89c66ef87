// A committed table → schemas and kinds. The text is parsed on first use and a schema is built when first asked for,
// together with what it reaches; equal sub-schemas are one shared object, and a recursive schema is a cyclic one.

import { invariant, setOwn } from "../../core/index.ts";
import type { CompactNode, CompactTable, FactText } from "./compact.ts";
import { CHILD_KEYS, CHILD_LIST_KEYS, PROPERTIES_KEY, VALUE_KEYS } from "./compact.ts";
import type { FieldSchema } from "./schema.ts";

/** A decoded table; `schema(index)` builds lazily and returns the same object every time. */
export interface FactTable {
  readonly source: string;
  readonly date: string;
  readonly table: CompactTable;
  schema(index: number): FieldSchema;
}

const FLAGS = new Set<string>([
  "nullable",
  "intOrString",
  "preserveUnknown",
  "embeddedResource",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "uniqueItems",
]);
const VALUE_MEMBERS = new Map(Object.entries(VALUE_KEYS).map(([member, key]) => [key, member]));
const CHILD_MEMBERS = new Map(Object.entries(CHILD_KEYS).map(([member, key]) => [key, member]));
const LIST_MEMBERS = new Map(Object.entries(CHILD_LIST_KEYS).map(([member, key]) => [key, member]));

const decoded = new WeakMap<FactText, FactTable>();

/** The table behind a fact text; parsed once per text. */
export function decodeFacts(facts: FactText): FactTable {
  const known = decoded.get(facts);
  if (known) return known;
  // The text is ours: the generator writes it from a CompactTable, and a test compares the two.
  const table = JSON.parse(facts.text) as CompactTable;
  const fresh = {
    source: facts.source,
    date: facts.date,
    table,
    schema: schemaReader(table.nodes),
  };
  decoded.set(facts, fresh);
  return fresh;
}

function schemaReader(nodes: readonly CompactNode[]): (index: number) => FieldSchema {
  const built: (FieldSchema | undefined)[] = [];
  return function schema(index: number): FieldSchema {
    const known = built[index];
    if (known) return known;
    const node = nodes[index];
    invariant(node !== undefined, `fact table has no node ${index}`);
    const fresh: Record<string, unknown> = {};
    // Remembered before it is filled, so that a schema that contains itself finds itself.
    built[index] = fresh;
    for (const [key, value] of Object.entries(node)) fillMember(fresh, key, value, schema);
    return fresh;
  };
}

function fillMember(
  target: Record<string, unknown>,
  key: string,
  value: unknown,
  schema: (index: number) => FieldSchema,
): void {
  const child = CHILD_MEMBERS.get(key as never);
  const list = LIST_MEMBERS.get(key as never);
  if (key === PROPERTIES_KEY) target["properties"] = propertiesOf(value, schema);
  else if (child !== undefined) target[child] = schema(Number(value));
  else if (list !== undefined) target[list] = (value as readonly number[]).map(schema);
  else fillValue(target, key, value);
}

function fillValue(target: Record<string, unknown>, key: string, value: unknown): void {
  const member = VALUE_MEMBERS.get(key as never);
  invariant(member !== undefined, `fact table has an unknown key ${key}`);
  target[member] = FLAGS.has(member) ? value === 1 : value;
}

function propertiesOf(
  value: unknown,
  schema: (index: number) => FieldSchema,
): Record<string, FieldSchema> {
  const properties: Record<string, FieldSchema> = {};
  for (const [name, index] of Object.entries(value as Record<string, number>)) {
    setOwn(properties, name, schema(index));
  }
  return properties;
}
