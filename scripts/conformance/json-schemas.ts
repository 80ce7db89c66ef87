// Writes JSON Schemas of Kubernetes kinds for offline validators, from published OpenAPI documents and CustomResourceDefinitions.
// Validators' own defaults are on the internet, and Keelson's own tables would only agree with themselves.
// Layout: `GROUP/KIND_VERSION.json`, the core group as `core` (flux-schema) and as `v1` (kubeconform).

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { Kind } from "./compiled-tree.ts";
import { inlineSchema, type JsonRecord, recordField } from "./inline-schema.ts";

/** Writes what is missing in `folder`; answers the kinds for which `data` holds no schema. */
export function writeSchemas(
  data: string,
  folder: string,
  kinds: readonly Kind[],
): readonly Kind[] {
  return kinds.filter((kind) => {
    const files = schemaFiles(kind).map((file) => join(folder, file));
    if (files.every((file) => existsSync(file))) return false;
    const schema = findBuiltin(data, kind) ?? findCustom(data, kind);
    if (schema === undefined) return true;
    for (const file of files) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(schema));
    }
    return false;
  });
}

function schemaFiles({ apiVersion, kind }: Kind): readonly string[] {
  const { group, version } = splitApiVersion(apiVersion);
  const groups = group === "" ? ["core", "v1"] : [group];
  return groups.map((name) => join(name, `${kind.toLowerCase()}_${version}.json`));
}

/** Part of Kubernetes itself. */
export function isBuiltin(data: string, kind: Kind): boolean {
  return findBuiltin(data, kind) !== undefined;
}

function findBuiltin(data: string, { apiVersion, kind }: Kind): JsonRecord | undefined {
  const { group, version } = splitApiVersion(apiVersion);
  const name = group === "" ? `api__${version}` : `apis__${group}__${version}`;
  const file = join(data, "kubernetes", "openapi-v3", `${name}_openapi.json`);
  if (!existsSync(file)) return undefined;
  const document: JsonRecord = JSON.parse(readFileSync(file, "utf8"));
  const schemas = recordField(recordField(document, "components"), "schemas") ?? {};
  const found = Object.values(schemas).find((schema) =>
    describesKind(schema, group, version, kind),
  );
  return found === undefined ? undefined : inlineSchema(found, schemas);
}

function describesKind(schema: unknown, group: string, version: string, kind: string): boolean {
  const list: unknown = Object(schema)["x-kubernetes-group-version-kind"];
  return (
    Array.isArray(list) &&
    list.some((one: JsonRecord) => {
      return one["group"] === group && one["version"] === version && one["kind"] === kind;
    })
  );
}

function findCustom(data: string, kind: Kind): JsonRecord | undefined {
  const definition = findDefinition(data, kind);
  const { version } = splitApiVersion(kind.apiVersion);
  const schema = versionSchema(recordField(definition, "spec"), version);
  return schema === undefined ? undefined : withObjectFields(inlineSchema(schema, {}));
}

/** What the API server knows of every object: some definitions leave it out, and what they say of `metadata` is not used. */
function withObjectFields(schema: JsonRecord): JsonRecord {
  const own = {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
  };
  return { ...schema, properties: { ...recordField(schema, "properties"), ...own } };
}

/** The published CustomResourceDefinition that serves a kind. */
export function findDefinition(data: string, { apiVersion, kind }: Kind): JsonRecord | undefined {
  const { group } = splitApiVersion(apiVersion);
  for (const text of definitionTexts(data)) {
    // Most files are about other groups, and parsing is what takes long.
    if (!text.includes(`group: ${group}`) || !text.includes(`kind: ${kind}`)) continue;
    for (const document of parseAllDocuments(text)) {
      const definition: unknown = document.toJS();
      const spec = recordField(definition, "spec");
      if (spec?.["group"] !== group || recordField(spec, "names")?.["kind"] !== kind) continue;
      return recordField({ definition }, "definition");
    }
  }
  return undefined;
}

function versionSchema(spec: JsonRecord | undefined, version: string): unknown {
  const versions: readonly JsonRecord[] = Array.isArray(spec?.["versions"]) ? spec["versions"] : [];
  const found = versions.find(({ name }) => name === version);
  return recordField(found, "schema")?.["openAPIV3Schema"];
}

let texts: readonly string[] | undefined;

function definitionTexts(data: string): readonly string[] {
  const folder = join(data, "crds");
  if (!existsSync(folder)) return [];
  texts ??= readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  return texts;
}

function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
}
