// Published CustomResourceDefinitions of one project → one compact table.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isRecord } from "../../src/core/json.ts";
import type { CompactDefinition, CompactTable } from "../../src/kubernetes/schemas/compact.ts";
import { createNodeTable } from "../../src/kubernetes/schemas/encode-facts.ts";
import { fieldSchemaOf } from "../../src/kubernetes/schemas/openapi-schema.ts";
import type { FieldSchema } from "../../src/kubernetes/schemas/schema.ts";

type AddSchema = (schema: FieldSchema) => number;

export interface Choice {
  /** An API group. */
  readonly except?: string | undefined;
  /** Names of definitions. */
  readonly only?: readonly string[] | undefined;
}

/** `folder` holds the project's YAML files; every CustomResourceDefinition in them is read, but those of the group `except`. */
export function customTable(folder: string, { except, only }: Choice = {}): CompactTable {
  const nodes = createNodeTable();
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const definitions = files
    .toSorted()
    .flatMap((name) => definitionsIn(readFileSync(join(folder, name), "utf8")))
    .filter(({ metadata }) => isWanted(recordOf(metadata)["name"], only))
    .filter(({ spec }) => except === undefined || recordOf(spec)["group"] !== except)
    .map((crd) => compactDefinition(crd, nodes.add));
  return { nodes: nodes.nodes, definitions };
}

const isWanted = (name: unknown, only: Choice["only"]): boolean =>
  only === undefined || only.includes(String(name));

function definitionsIn(text: string): Record<string, unknown>[] {
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter(isRecord)
    .filter((object) => object["kind"] === "CustomResourceDefinition");
}

function compactDefinition(crd: Record<string, unknown>, add: AddSchema): CompactDefinition {
  const { group, names, scope, versions } = recordOf(crd["spec"]);
  const annotations = factAnnotations(recordOf(crd["metadata"])["annotations"]);
  const list = Array.isArray(versions) ? versions.filter(isRecord) : [];
  const spec = { group, names, scope, versions: list.map((version) => compactVersion(version, add)) };
  return { ...(annotations ? { annotations } : {}), spec };
}

function compactVersion(version: Record<string, unknown>, add: AddSchema): Record<string, unknown> {
  const columns = version["additionalPrinterColumns"];
  return {
    ...version,
    ...(Array.isArray(columns) ? { additionalPrinterColumns: columns.map(withoutProse) } : {}),
    schema: add(fieldSchemaOf(recordOf(version["schema"])["openAPIV3Schema"])),
  };
}

/** Approval and release channel are facts controllers look at; the tool that generated the file is not. */
function factAnnotations(annotations: unknown): Record<string, string> | undefined {
  const entries = Object.entries(recordOf(annotations)).filter(
    ([name]) => !name.startsWith("controller-gen.kubebuilder.io/"),
  );
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function withoutProse(column: unknown): unknown {
  const { description: _description, ...facts } = recordOf(column);
  return facts;
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
