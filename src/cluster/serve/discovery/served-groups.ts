// What is served, arranged as discovery tells it: groups by priority, versions by preference, resources by name.

import { formatApiVersion } from "../../../kubernetes/index.ts";
import type { ApiServiceResource, KindFacts } from "../../../kubernetes/index.ts";
import type { ServedApiService } from "../../api/index.ts";
import type { Resource } from "../../api/resource.ts";
import { compareVersions } from "./version-priority.ts";

/** What discovery tells of a resource; its schema and behaviour are not asked for. */
export interface ListedResource extends Pick<Resource, "storageVersion"> {
  readonly facts: Omit<KindFacts, "schema" | "listKind">;
}

export interface ServedVersion<R extends ListedResource = Resource> {
  readonly version: string;
  readonly resources: readonly R[];
  /** False while the server behind an added API does not answer. */
  readonly isCurrent: boolean;
}

export interface ServedGroup<R extends ListedResource = Resource> {
  /** Empty for the core group. */
  readonly name: string;
  /** The preferred version first. */
  readonly versions: readonly ServedVersion<R>[];
}

/** A group of any resources, added ones among them. */
export type ListedGroup = ServedGroup<ListedResource>;

/** Built-in groups in the order given, custom ones after them by name. */
export function servedGroups(resources: readonly Resource[]): readonly ServedGroup[] {
  const builtin = groupBy(resources.filter(({ facts }) => facts.custom === undefined));
  const custom = groupBy(resources.filter(({ facts }) => facts.custom !== undefined));
  const ordered = new Map(builtin);
  for (const [name, members] of [...custom].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    // A definition may add to a built-in group.
    ordered.set(name, [...(ordered.get(name) ?? []), ...members]);
  }
  return [...ordered].map(([name, members]) => ({ name, versions: versionsOf(members) }));
}

function groupBy(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const { group } = resource.facts;
    groups.set(group, [...(groups.get(group) ?? []), resource]);
  }
  return groups;
}

function versionsOf(members: readonly Resource[]): readonly ServedVersion[] {
  const byVersion = new Map<string, Resource[]>();
  for (const resource of members) {
    const { version } = resource.facts;
    byVersion.set(version, [...(byVersion.get(version) ?? []), resource]);
  }
  return [...byVersion]
    .toSorted(([a], [b]) => compareVersions(a, b))
    .map(([version, resources]) => ({
      version,
      resources: resources.toSorted((a, b) => (a.facts.resource < b.facts.resource ? -1 : 1)),
      isCurrent: true,
    }));
}

/** Groups of added APIs, after the others. */
export function addedGroups(services: readonly ServedApiService[]): readonly ListedGroup[] {
  return [...new Set(services.map(({ service }) => service.group))].map((name) => ({
    name,
    versions: services
      .filter(({ service }) => service.group === name)
      .map(({ service, available }) => ({
        version: service.version,
        resources: available ? service.resources().map((one) => listed(service, one)) : [],
        isCurrent: available,
      }))
      .toSorted((a, b) => compareVersions(a.version, b.version)),
  }));
}

function listed(
  { group, version }: ServedApiService["service"],
  { columns: _columns, shortNames = [], ...resource }: ApiServiceResource,
): ListedResource {
  const facts = { group, version, ...resource, shortNames, categories: [], subresources: [] };
  return { facts, storageVersion: formatApiVersion(group, version) };
}
