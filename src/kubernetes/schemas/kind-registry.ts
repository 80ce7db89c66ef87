// Registries of kinds: the built-in ones, and layers of tables on top of each other (a later table wins).

import { formatApiVersion } from "../gvk.ts";
import { builtinFacts } from "./builtin.facts.ts";
import type { CompactKind, CompactSubresource, FactText } from "./compact.ts";
import { USUAL_VERBS } from "./compact.ts";
import { kindsOfDefinition } from "./custom-definition.ts";
import type { FactTable } from "./decode-facts.ts";
import { decodeFacts } from "./decode-facts.ts";
import type { FieldSchema, KindFacts, KindRegistry, SubresourceFacts } from "./schema.ts";

/** Anything that knows kinds: a committed table, a list, or another registry. */
export type KindTable = FactText | readonly KindFacts[] | KindRegistry;

let builtins: KindRegistry | undefined;

/** Every kind a cluster serves without any CustomResourceDefinition. */
export function builtinKinds(): KindRegistry {
  return (builtins ??= createKindRegistry(builtinFacts));
}

/** Layers tables; where two know the same apiVersion and kind, the later one is found. */
export function createKindRegistry(...tables: readonly KindTable[]): KindRegistry {
  const byName = new Map<string, KindFacts>();
  for (const table of tables) {
    for (const kind of kindsIn(table)) byName.set(nameOf(kind), kind);
  }
  const listed = [...byName.values()].filter(({ resource }) => resource !== "");
  const hidden = tables.filter(isRegistry);
  return {
    find(apiVersion, kind) {
      const known = byName.get(`${apiVersion}/${kind}`);
      return known ?? firstFound(hidden, apiVersion, kind);
    },
    all: () => listed,
  };
}

/** The kinds of one committed table; their schemas are built when read. */
export function kindsOfFacts(facts: FactText): readonly KindFacts[] {
  const known = kindsByText.get(facts);
  if (known) return known;
  const decoded = decodeFacts(facts);
  const { kinds = [], definitions = [] } = decoded.table;
  const found = [
    ...kinds.map((kind) => builtinKind(kind, decoded)),
    ...definitions.flatMap((definition) => kindsOfDefinition(definition, decoded.schema)),
  ];
  kindsByText.set(facts, found);
  return found;
}

const kindsByText = new WeakMap<FactText, readonly KindFacts[]>();

function kindsIn(table: KindTable): readonly KindFacts[] {
  if (isRegistry(table)) return table.all();
  return "text" in table ? kindsOfFacts(table) : table;
}

function isRegistry(table: KindTable): table is KindRegistry {
  return "find" in table && "all" in table;
}

/** Bodies of subresources are not listed, so a layered registry is asked for them by name. */
function firstFound(
  registries: readonly KindRegistry[],
  apiVersion: string,
  kind: string,
): KindFacts | undefined {
  for (const registry of registries.toReversed()) {
    const found = registry.find(apiVersion, kind);
    if (found) return found;
  }
  return undefined;
}

function nameOf({ group, version, kind }: KindFacts): string {
  return `${formatApiVersion(group, version)}/${kind}`;
}

function builtinKind(compact: CompactKind, table: FactTable): KindFacts {
  const { group = "", version, kind, resource = "" } = compact;
  const subresourceFacts = (compact.subresources ?? []).map(subresourceOf);
  return {
    group,
    version,
    kind,
    listKind: compact.listKind ?? `${kind}List`,
    resource,
    singular: compact.singular ?? kind.toLowerCase(),
    shortNames: compact.shortNames ?? [],
    categories: compact.categories ?? [],
    namespaced: compact.cluster === undefined,
    verbs: verbsOf(compact.verbs ?? ""),
    subresources: subresourceFacts.map(({ name }) => name),
    subresourceFacts,
    get schema(): FieldSchema {
      return table.schema(compact.schema);
    },
  };
}

function subresourceOf([name, verbs, group, version, kind]: CompactSubresource): SubresourceFacts {
  return { name, verbs: verbsOf(verbs), group, version, kind };
}

function verbsOf(text: string): readonly string[] {
  if (text === "*") return USUAL_VERBS;
  return text === "" ? [] : text.split(",");
}
