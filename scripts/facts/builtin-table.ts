// Discovery and OpenAPI of the built-in groups → one compact table.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../src/core/json.ts";
import type {
  CompactKind,
  CompactSubresource,
  CompactTable,
} from "../../src/kubernetes/schemas/compact.ts";
import { USUAL_VERBS } from "../../src/kubernetes/schemas/compact.ts";
import { createNodeTable } from "../../src/kubernetes/schemas/encode-facts.ts";
import type { OpenApiSource } from "./openapi-source.ts";
import { createOpenApiSource } from "./openapi-source.ts";

/** One resource of one group and version, as its discovery document lists it; subresources are entries of their own. */
interface ListedResource {
  readonly name: string;
  readonly kind: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly group?: string;
  readonly version?: string;
}

/** A server with default feature gates serves only stable versions. */
const STABLE = /^v\d+$/;

/** Bodies that no collection serves, yet clients send: `[group, version, kind]`. */
const BODIES: readonly (readonly [string, string, string])[] = [
  ["", "v1", "DeleteOptions"],
  ["", "v1", "Status"],
  ["authentication.k8s.io", "v1", "TokenRequest"],
  ["autoscaling", "v1", "Scale"],
  ["policy", "v1", "Eviction"],
];

/** `folder` is the data folder's `kubernetes`. */
export function builtinTable(folder: string): CompactTable {
  const source = createOpenApiSource(openApiDocuments(join(folder, "openapi-v3")));
  const nodes = createNodeTable();
  const discovery = join(folder, "discovery");
  const kinds = groupVersionsIn(discovery).flatMap(([group, version]) =>
    kindsIn(discovery, group, version).map((kind) => compactKind(kind, source, nodes.add)),
  );
  const bodies = BODIES.map(([group, version, kind]) => {
    const schema = nodes.add(source.schema(definitionOf(source, group, version, kind)));
    return { ...(group === "" ? {} : { group }), version, kind, schema };
  });
  return { nodes: nodes.nodes, kinds: [...kinds, ...bodies] };
}

/** The published documents of every group, parsed. */
export function openApiDocuments(folder: string): unknown[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.toSorted().map((name) => readJson(join(folder, name)));
}

/** Core first, then the groups in the order in which the server prefers them. */
function groupVersionsIn(folder: string): (readonly [string, string])[] {
  const document = readJson(join(folder, "aggregated_v2.json"));
  const groups = isRecord(document) && Array.isArray(document["items"]) ? document["items"] : [];
  const named = groups.flatMap(({ metadata, versions }) =>
    versions.map(({ version }: { version: string }) => [metadata.name, version] as const),
  );
  const stable = named.filter(([, version]) => STABLE.test(version));
  return [["", "v1"], ...stable];
}

interface ResourceGroup {
  readonly group: string;
  readonly version: string;
  readonly main: ListedResource;
  readonly subresources: readonly ListedResource[];
}

function kindsIn(folder: string, group: string, version: string): ResourceGroup[] {
  const name = group === "" ? `api__${version}.json` : `apis__${group}__${version}.json`;
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`no discovery document ${name}`);
  // Shape of an APIResourceList, which the discovery API fixes.
  const { resources } = readJson(path) as { resources: ListedResource[] };
  const mains = resources.filter((resource) => !resource.name.includes("/"));
  return mains.map((main) => {
    const subresources = resources.filter((other) => other.name.startsWith(`${main.name}/`));
    return { group, version, main, subresources };
  });
}

function compactKind(
  { group, version, main, subresources }: ResourceGroup,
  source: OpenApiSource,
  add: ReturnType<typeof createNodeTable>["add"],
): CompactKind {
  const { kind, name, singularName, shortNames = [], categories = [] } = main;
  const definition = definitionOf(source, group, version, kind);
  return {
    ...(group === "" ? {} : { group }),
    version,
    kind,
    resource: name,
    ...(singularName === kind.toLowerCase() ? {} : { singular: singularName }),
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(main.namespaced ? {} : { cluster: 1 as const }),
    verbs: compactVerbs(main.verbs),
    ...(subresources.length > 0
      ? { subresources: subresources.map((item) => compactSubresource(item, group, version)) }
      : {}),
    schema: add(source.schema(definition)),
  };
}

function compactSubresource(
  { name, verbs, kind, ...own }: ListedResource,
  group: string,
  version: string,
): CompactSubresource {
  const short = name.slice(name.indexOf("/") + 1);
  return [short, compactVerbs(verbs), own.group ?? group, own.version ?? version, kind];
}

function compactVerbs(verbs: readonly string[]): string {
  const text = verbs.join(",");
  return text === USUAL_VERBS.join(",") ? "*" : text;
}

function definitionOf(
  source: OpenApiSource,
  group: string,
  version: string,
  kind: string,
): string {
  const definition = source.definitionOf(group, version, kind);
  if (definition === undefined) throw new Error(`OpenAPI knows no ${group}/${version} ${kind}`);
  return definition;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
