// Adds prose to a printed JSON Schema: every record of settings gets the doc comments of the interface with exactly its keys.

import { isRecord, type JsonObject } from "../src/core/index.ts";
import type { DocumentedKeys } from "./doc-comments.ts";

/** The same schema with a `description` on every property whose interface says something about it. */
export function describeSchema(
  schema: JsonObject,
  interfaces: readonly DocumentedKeys[],
): JsonObject {
  const index = indexByKeys(withInherited(interfaces));
  // A schema in, a schema out.
  return describe(schema, { index, kind: undefined }) as JsonObject;
}

interface Prose {
  readonly index: ReadonlyMap<string, readonly DocumentedKeys[]>;
  /** Of the component around: tells apart two interfaces with the same keys. */
  readonly kind: string | undefined;
}

/** Interfaces with the keys they inherit; those that extend something unknown stay as they are. */
function withInherited(interfaces: readonly DocumentedKeys[]): DocumentedKeys[] {
  return interfaces.map((found) => {
    const parents = found.extends.flatMap((name) => nearest(interfaces, name, found.file) ?? []);
    return {
      ...found,
      keys: new Map([...parents.flatMap(({ keys }) => [...keys]), ...found.keys]),
    };
  });
}

function nearest(
  interfaces: readonly DocumentedKeys[],
  name: string,
  file: string,
): DocumentedKeys | undefined {
  const named = interfaces.filter((candidate) => candidate.name === name);
  return (
    named.find((candidate) => candidate.file === file) ??
    (named.length === 1 ? named[0] : undefined)
  );
}

function indexByKeys(interfaces: readonly DocumentedKeys[]): Map<string, DocumentedKeys[]> {
  const index = new Map<string, DocumentedKeys[]>();
  for (const found of interfaces) {
    const key = keySet([...found.keys.keys()]);
    index.set(key, [...(index.get(key) ?? []), found]);
  }
  return index;
}

function keySet(keys: readonly string[]): string {
  // What belongs to the place is not always in the component's own interface.
  return keys
    .filter((key) => !PLACED.has(key))
    .toSorted()
    .join(" ");
}

const PLACED = new Set(["kind", "site", "between"]);

function describe(value: unknown, prose: Prose): unknown {
  if (Array.isArray(value)) return value.map((item) => describe(item, prose));
  if (!isRecord(value)) return value;
  const inside = { ...prose, kind: kindOf(value) ?? prose.kind };
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    key === "properties" && isRecord(member)
      ? describeProperties(member, inside)
      : describe(member, inside),
  ]);
  return Object.fromEntries(entries);
}

/** `properties: { kind: { const: "k3d" } }`. */
function kindOf({ properties }: Record<string, unknown>): string | undefined {
  const kind = isRecord(properties) ? properties["kind"] : undefined;
  const name = isRecord(kind) ? kind["const"] : undefined;
  return typeof name === "string" ? name : undefined;
}

function describeProperties(properties: Record<string, unknown>, prose: Prose): unknown {
  const comments = commentsFor(Object.keys(properties), prose);
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => {
      const inside = describe(property, prose);
      const text = comments.get(key) || PLACED_PROSE.get(key) || "";
      return [key, text === "" || !isRecord(inside) ? inside : { description: text, ...inside }];
    }),
  );
}

const PLACED_PROSE = new Map([
  ["site", "Name of the site it stands at."],
  ["between", "Names of the sites it joins."],
]);

/** Of the one interface with these keys; where several have them, of the one in the component's folder, or what all agree on. */
function commentsFor(keys: readonly string[], { index, kind }: Prose): ReadonlyMap<string, string> {
  const candidates = index.get(keySet(keys)) ?? parts(keys, index);
  const folder = kind === undefined ? "/intents/" : `/${kind}/`;
  const own = candidates.filter(({ file }) => file.includes(folder));
  const chosen = own.length > 0 ? own : candidates;
  return new Map(
    keys.map((key) => [key, agreed(chosen.map((found) => found.keys.get(key) ?? ""))]),
  );
}

/** The definition itself is several interfaces together, and has one key more for each slot that fills itself. */
function parts(keys: readonly string[], index: Prose["index"]): readonly DocumentedKeys[] {
  const there = new Set(keys);
  return [...index.values()].flat().filter((found) => {
    const own = [...found.keys.keys()];
    return own.length >= SETTINGS_MIN && own.every((key) => there.has(key));
  });
}

/** Smaller interfaces are inside others by chance. */
const SETTINGS_MIN = 7;

function agreed(texts: readonly string[]): string {
  const said = [...new Set(texts.filter((text) => text !== ""))];
  return said.length === 1 ? (said[0] ?? "") : "";
}
