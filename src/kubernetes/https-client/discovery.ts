// Which resources a server has: aggregated discovery in two requests, or group by group on older servers.
// Mirrors client-go discovery/{aggregated_discovery,discovery_client}.go.

import { isRecord } from "../../core/index.ts";
import { formatApiVersion } from "../gvk.ts";
import type { DiscoveredResource } from "../kube-api.ts";

/** Asks for a path, preferring the given media types. */
export type GetJson = (path: string, accept: string) => Promise<unknown>;

const JSON_TYPE = "application/json";
const AGGREGATED =
  `${JSON_TYPE};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,` +
  `${JSON_TYPE};g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,${JSON_TYPE}`;

export async function discover(getJson: GetJson): Promise<readonly DiscoveredResource[]> {
  const roots = await Promise.all(["/api", "/apis"].map((path) => getJson(path, AGGREGATED)));
  const lists = await Promise.all(roots.map((root) => readRoot(root, getJson)));
  return lists.flat();
}

async function readRoot(root: unknown, getJson: GetJson): Promise<DiscoveredResource[]> {
  const isAggregated = isRecord(root) && root["kind"] === "APIGroupDiscoveryList";
  return isAggregated ? readAggregated(root) : readLegacy(root, getJson);
}

type Fields = Record<string, unknown>;

function records(value: unknown, key: string): Fields[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function text(fields: unknown, key: string): string {
  const value = isRecord(fields) ? fields[key] : undefined;
  return typeof value === "string" ? value : "";
}

function readAggregated(root: unknown): DiscoveredResource[] {
  return records(root, "items").flatMap((group) => {
    const name = text(group["metadata"], "name");
    return records(group, "versions").flatMap((version) => {
      const apiVersion = formatApiVersion(name, text(version, "version"));
      return records(version, "resources").map((resource) => fromAggregated(resource, apiVersion));
    });
  });
}

function fromAggregated(resource: Fields, apiVersion: string): DiscoveredResource {
  return {
    apiVersion,
    kind: text(resource["responseKind"], "kind"),
    resource: text(resource, "resource"),
    namespaced: text(resource, "scope") === "Namespaced",
    shortNames: texts(resource["shortNames"]),
    verbs: texts(resource["verbs"]),
    subresources: records(resource, "subresources").map((sub) => text(sub, "subresource")),
  };
}

/** One request for each group and version; one that is down has no resources. */
async function readLegacy(root: unknown, getJson: GetJson): Promise<DiscoveredResource[]> {
  const core = isRecord(root) ? texts(root["versions"]).map((version) => `/api/${version}`) : [];
  const grouped = records(root, "groups").flatMap((group) =>
    records(group, "versions").map((version) => `/apis/${text(version, "groupVersion")}`),
  );
  const lists = await Promise.all(
    [...core, ...grouped].map((path) => getJson(path, JSON_TYPE).catch(() => undefined)),
  );
  return lists.flatMap(fromLegacy);
}

function fromLegacy(list: unknown): DiscoveredResource[] {
  const apiVersion = text(list, "groupVersion");
  const all = records(list, "resources");
  const own = all.filter((resource) => !text(resource, "name").includes("/"));
  return own.map((resource) => {
    const name = text(resource, "name");
    const below = all
      .map((other) => text(other, "name"))
      .filter((other) => other.startsWith(`${name}/`));
    return {
      apiVersion,
      kind: text(resource, "kind"),
      resource: name,
      namespaced: resource["namespaced"] === true,
      shortNames: texts(resource["shortNames"]),
      verbs: texts(resource["verbs"]),
      subresources: below.map((other) => other.slice(name.length + 1)),
    };
  });
}
