// `apidiscovery.k8s.io/v2` APIGroupDiscoveryList: all of discovery in two documents.

import type { SubresourceFacts } from "../../../kubernetes/index.ts";
import type { ListedResource, ListedGroup } from "./served-groups.ts";

export const AGGREGATED_TYPE =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Of the core group, or of all others. */
export function aggregatedDiscovery(groups: readonly ListedGroup[]): unknown {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: name === "" ? {} : { name },
      versions: versions.map(({ version, resources, isCurrent }) => ({
        version,
        resources: resources.map(resourceEntry),
        freshness: isCurrent ? "Current" : "Stale",
      })),
    })),
  };
}

function resourceEntry(resource: ListedResource): unknown {
  const { facts } = resource;
  const subresources = facts.subresourceFacts ?? [];
  return {
    resource: facts.resource,
    responseKind: kindOf(resource, facts),
    scope: facts.namespaced ? "Namespaced" : "Cluster",
    singularResource: facts.singular,
    verbs: facts.verbs,
    ...(facts.shortNames.length === 0 ? {} : { shortNames: facts.shortNames }),
    ...(facts.categories.length === 0 ? {} : { categories: facts.categories }),
    ...(subresources.length === 0
      ? {}
      : { subresources: subresources.map((one) => subresourceEntry(resource, one)) }),
  };
}

function subresourceEntry(resource: ListedResource, subresource: SubresourceFacts): unknown {
  return {
    subresource: subresource.name,
    responseKind: kindOf(resource, subresource),
    verbs: subresource.verbs,
  };
}

/** Built-in kinds leave group and version out where they are those of the list. */
function kindOf(
  { facts }: ListedResource,
  { group, version, kind }: Pick<SubresourceFacts, "group" | "version" | "kind">,
): unknown {
  const isOwn = group === facts.group && version === facts.version;
  return isOwn && facts.custom === undefined
    ? { group: "", version: "", kind }
    : { group, version, kind };
}
