// Reads what is the same in every environment: sites, links and clusters.

import type { Path } from "../../core/index.ts";
import { isRecord } from "../../core/index.ts";
import type { Registry } from "../contracts/component.ts";
import { emptyCollection, missingKey, wrongType } from "../diagnostics.ts";
import { linkKinds, siteKinds, substrates } from "../registry.ts";
import { describeValue } from "../schema/found.ts";
import { list } from "../schema/list.ts";
import { LABEL_KEYS, NAME_KEYS, readNames, type KeyRule } from "../schema/record.ts";
import { reference } from "../schema/reference.ts";
import type { ReadContext, Schema } from "../schema/schema.ts";
import type { ParsedCluster, ParsedLink, ParsedSite } from "./parsed-definition.ts";
import { readTagged } from "./read-tagged.ts";

/** Members by name, sorted; whatever was refused is left out and reported. */
export function readMembers<Member>(
  value: unknown,
  path: Path,
  context: ReadContext,
  read: (member: unknown, at: Path, name: string) => Member | undefined,
  names: KeyRule = LABEL_KEYS,
): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  if (value === undefined) return members;
  if (!isRecord(value)) {
    const expected = "a record by name";
    context.report(wrongType(path, { expected, found: describeValue(value) }));
    return members;
  }
  readNames(Object.keys(value), path, names, context);
  for (const name of Object.keys(value).toSorted()) {
    const member = read(value[name], [...path, name], name);
    if (member !== undefined) members.set(name, member);
  }
  return members;
}

/** The same for what a person names and one schema reads. */
export function readNamed<Member>(
  value: unknown,
  path: Path,
  context: ReadContext,
  schema: Schema<unknown, Member>,
): ReadonlyMap<string, Member> {
  const read = (member: unknown, at: Path): Member | undefined => schema.read(member, at, context);
  return readMembers(value, path, context, read, NAME_KEYS);
}

export function readSites(
  value: unknown,
  registry: Registry,
  context: ReadContext,
): ReadonlyMap<string, ParsedSite> {
  const candidates = siteKinds(registry);
  requireSome(value, "sites", "at least one site", context);
  return readMembers(value, ["sites"], context, (site, path, name) => {
    const tagged = readTagged(site, path, { place: "site", candidates }, registry, context);
    return tagged && { name, path, ...tagged };
  });
}

const siteName = reference("site");

export function readClusters(
  value: unknown,
  registry: Registry,
  context: ReadContext,
): ReadonlyMap<string, ParsedCluster> {
  const place = { place: "cluster", candidates: substrates(registry), structural: ["site"] };
  requireSome(value, "clusters", "at least one cluster", context);
  return readMembers(value, ["clusters"], context, (cluster, path, name) => {
    const tagged = readTagged(cluster, path, place, registry, context);
    const site = readOwn(cluster, "site", path, siteName, context);
    return tagged && site !== undefined ? { name, path, site, ...tagged } : undefined;
  });
}

const betweenSites = list(reference("site"), { min: 1 });

export function readLinks(value: unknown, registry: Registry, context: ReadContext): ParsedLink[] {
  const place = { place: "link", candidates: linkKinds(registry), structural: ["between"] };
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    context.report(wrongType(["links"], { expected: "a list", found: describeValue(value) }));
    return [];
  }
  return value.flatMap((link: unknown, index) => {
    const path = ["links", index];
    const tagged = readTagged(link, path, place, registry, context);
    const between = readOwn(link, "between", path, betweenSites, context);
    return tagged && between ? [{ path, between, ...tagged }] : [];
  });
}

function requireSome(value: unknown, key: string, expected: string, { report }: ReadContext): void {
  const path = [key];
  if (value === undefined) report(missingKey(path, { key, expected }));
  if (isRecord(value) && Object.keys(value).length === 0)
    report(emptyCollection(path, { expected }));
}

/** One key of a record that someone else reads whole; silent where there is no record at all. */
function readOwn<Member>(
  value: unknown,
  key: string,
  path: Path,
  schema: Schema<unknown, Member>,
  context: ReadContext,
): Member | undefined {
  if (!isRecord(value)) return undefined;
  const at = [...path, key];
  if (Object.hasOwn(value, key)) return schema.read(value[key], at, context);
  context.report(missingKey(at, { key, expected: schema.expected }));
  return undefined;
}
