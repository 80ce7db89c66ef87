// What is served, arranged as discovery tells it: groups by priority, versions by preference, resources by name.

import type { Resource } from "../../api/resource.ts";
import { compareVersions } from "./version-priority.ts";

export interface ServedVersion {
  readonly version: string;
  readonly resources: readonly Resource[];
}

export interface ServedGroup {
  /** Empty for the core group. */
  readonly name: string;
  /** The preferred version first. */
  readonly versions: readonly ServedVersion[];
}

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
    }));
}
