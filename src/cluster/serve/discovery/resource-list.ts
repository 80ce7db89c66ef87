// `APIResourceList`, `APIGroup` and `APIVersions`: discovery one document at a time.

import { createHash } from "node:crypto";

import { formatApiVersion } from "../../../kubernetes/index.ts";
import type { SubresourceFacts } from "../../../kubernetes/index.ts";
import type { ListedResource, ListedGroup, ServedVersion } from "./served-groups.ts";

export function apiVersions(groups: readonly ListedGroup[], serverAddress: string): unknown {
  const core = groups.find(({ name }) => name === "");
  return {
    kind: "APIVersions",
    versions: (core?.versions ?? []).map(({ version }) => version),
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

export function apiGroupList(groups: readonly ListedGroup[]): unknown {
  const named = groups.filter(({ name }) => name !== "").map(groupEntry);
  return { kind: "APIGroupList", apiVersion: "v1", groups: named };
}

export function apiGroup(group: ListedGroup): unknown {
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(group) };
}

function groupEntry({ name, versions }: ListedGroup) {
  const entries = versions.map(({ version }) => ({
    groupVersion: formatApiVersion(name, version),
    version,
  }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

export function apiResourceList(
  group: string,
  { version, resources }: ServedVersion<ListedResource>,
): unknown {
  return {
    kind: "APIResourceList",
    // The core group's list has never carried one.
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: formatApiVersion(group, version),
    resources: resources.flatMap((resource) => [
      resourceEntry(resource),
      ...(resource.facts.subresourceFacts ?? []).map((one) => subresourceEntry(resource, one)),
    ]),
  };
}

function resourceEntry(resource: ListedResource): unknown {
  const { facts } = resource;
  return {
    name: facts.resource,
    singularName: facts.singular,
    namespaced: facts.namespaced,
    kind: facts.kind,
    verbs: facts.verbs,
    ...(facts.shortNames.length === 0 ? {} : { shortNames: facts.shortNames }),
    ...(facts.categories.length === 0 ? {} : { categories: facts.categories }),
    ...(isStored(resource) ? { storageVersionHash: storageVersionHash(resource) } : {}),
  };
}

function subresourceEntry({ facts }: ListedResource, subresource: SubresourceFacts): unknown {
  const { group, version, kind, verbs } = subresource;
  const isForeign = group !== facts.group || version !== facts.version;
  return {
    name: `${facts.resource}/${subresource.name}`,
    singularName: "",
    namespaced: facts.namespaced,
    ...(isForeign ? { group, version } : {}),
    kind,
    verbs,
  };
}

/** Reviews and bindings are answered and forgotten; component statuses are measured when asked. */
function isStored({ facts }: ListedResource): boolean {
  return facts.verbs.includes("watch");
}

/** Lets clients see that the stored form has changed. Mirrors apiserver pkg/endpoints/discovery/storageversionhash.go. */
function storageVersionHash({ facts, storageVersion }: ListedResource): string {
  const slash = storageVersion.indexOf("/");
  const version = storageVersion.slice(slash + 1);
  const digest = createHash("sha256").update(`${facts.group}/${version}/${facts.kind}`).digest();
  return digest.subarray(0, 8).toString("base64");
}
