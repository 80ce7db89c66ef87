// From an untrusted value to a definition, with everything that is wrong with it collected on the way.

import type { Diagnostic } from "../../core/index.ts";
import { hasErrors, isRecord, sortDiagnostics } from "../../core/index.ts";
import type { Registry } from "../contracts/component.ts";
import type { Packaging } from "../contracts/compiled.ts";
import type { Outcome } from "../contracts/emission.ts";
import { missingKey, unknownKey, wrongType } from "../diagnostics.ts";
import { describeValue } from "../schema/found.ts";
import { reportNonData } from "../schema/plain-data.ts";
import type { ReadContext, Reference, Schema } from "../schema/schema.ts";
import { oneOf } from "../schema/choice.ts";
import { string } from "../schema/string.ts";
import type { TreeLayout } from "../tree-layout.ts";
import { treeLayoutSchema } from "../tree-layout.ts";
import { readEnvironments } from "./environments.ts";
import { checkOverrides, settingsKeys, STRUCTURE_KEYS } from "./overrides.ts";
import type { ParsedDefinition } from "./parsed-definition.ts";
import { checkReferences } from "./references.ts";
import { readClusters, readLinks, readSites } from "./structure.ts";

export const packagingSchema: Schema<Packaging> = oneOf(["kustomize", "helm", "plain"]);

type Definition = Readonly<Record<string, unknown>>;

/** `value` is there exactly when nothing is an error. */
export function parseDefinition(raw: unknown, registry: Registry): Outcome<ParsedDefinition> {
  const diagnostics: Diagnostic[] = [];
  const report = (found: Diagnostic): void => void diagnostics.push(found);
  const value = isDefinition(raw, report) ? readDefinition(raw, registry, report) : undefined;
  const sorted = sortDiagnostics(diagnostics);
  return { ...(value === undefined || hasErrors(sorted) ? {} : { value }), diagnostics: sorted };
}

/** 1. The value is plain data and a record. */
function isDefinition(raw: unknown, report: ReadContext["report"]): raw is Definition {
  if (!reportNonData(raw, [], { report })) return false;
  if (!isRecord(raw)) {
    report(wrongType([], { expected: "a definition, a record", found: describeValue(raw) }));
  }
  return isRecord(raw);
}

function readDefinition(
  raw: Definition,
  registry: Registry,
  report: ReadContext["report"],
): ParsedDefinition | undefined {
  const references: Reference[] = [];
  const context: ReadContext = { report, refer: (found) => void references.push(found) };
  // 2. Every key is one that something reads.
  reportUnknownKeys(raw, registry, report);
  // 3. What is the same everywhere.
  const name = readRequired(raw, "name", string("dnsLabel"), context);
  const domain = readRequired(raw, "domain", string("domain"), context);
  const packaging = readPackaging(raw, context);
  const layout = readLayout(raw, context);
  const sites = readSites(raw["sites"], registry, context);
  const clusters = readClusters(raw["clusters"], registry, context);
  const links = readLinks(raw["links"], registry, context);
  // 4. Each environment, with its overrides laid over the rest.
  const environments = readEnvironments(raw, registry, context);
  checkOverrides(raw, environmentNames(raw), registry).forEach(report);
  // 5. Every name is the name of something.
  checkReferences(references, raw).forEach(report);
  if (name === undefined || domain === undefined) return undefined;
  return { name, domain, packaging, layout, sites, links, clusters, environments };
}

function readPackaging(raw: Definition, context: ReadContext): Packaging {
  const written = Object.hasOwn(raw, "packaging") ? raw["packaging"] : undefined;
  if (written === undefined) return "kustomize";
  return packagingSchema.read(written, ["packaging"], context) ?? "kustomize";
}

function readLayout(raw: Definition, context: ReadContext): TreeLayout {
  const written = Object.hasOwn(raw, "layout") ? raw["layout"] : undefined;
  return written === undefined ? {} : (treeLayoutSchema.read(written, ["layout"], context) ?? {});
}

function reportUnknownKeys(
  raw: Definition,
  registry: Registry,
  report: ReadContext["report"],
): void {
  const known: readonly string[] = [...STRUCTURE_KEYS, ...settingsKeys(registry)];
  for (const key of Object.keys(raw)) {
    if (!known.includes(key)) report(unknownKey([key], { key, known }));
  }
}

function environmentNames({ environments }: Definition): readonly string[] {
  return isRecord(environments) ? Object.keys(environments) : [];
}

function readRequired<Output>(
  raw: Definition,
  key: string,
  schema: Schema<unknown, Output>,
  context: ReadContext,
): Output | undefined {
  if (Object.hasOwn(raw, key)) return schema.read(raw[key], [key], context);
  context.report(missingKey([key], { key, expected: schema.expected }));
  return undefined;
}
