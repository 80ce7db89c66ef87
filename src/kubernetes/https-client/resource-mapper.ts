// From kinds to paths, by discovery. A kind that is not known makes it look again, because its definition may be new.

import { statusError } from "../status.ts";
import type { KindRef } from "../gvk.ts";
import type { DiscoveredResource } from "../kube-api.ts";
import { discover, type GetJson } from "./discovery.ts";

export interface ResourceMapper {
  all(): Promise<readonly DiscoveredResource[]>;
  /** Rejects with NotFound, without a name in its details, when the server does not serve the kind. */
  find(kind: KindRef): Promise<DiscoveredResource>;
}

export function createResourceMapper(getJson: GetJson): ResourceMapper {
  let known: ReadonlyMap<string, DiscoveredResource> = new Map();
  let loading: Promise<readonly DiscoveredResource[]> | undefined;

  /** Callers at the same time share one discovery. */
  const load = (): Promise<readonly DiscoveredResource[]> => {
    loading ??= discover(getJson)
      .then((resources) => {
        known = indexByKind(resources);
        return resources;
      })
      .finally(() => (loading = undefined));
    return loading;
  };
  const find = async (kind: KindRef): Promise<DiscoveredResource> => {
    const key = `${kind.apiVersion}/${kind.kind}`;
    if (!known.has(key)) await load();
    const found = known.get(key);
    if (found !== undefined) return found;
    const message = `no matches for kind "${kind.kind}" in version "${kind.apiVersion}"`;
    throw statusError("NotFound", message);
  };
  return { all: load, find };
}

function indexByKind(
  resources: readonly DiscoveredResource[],
): ReadonlyMap<string, DiscoveredResource> {
  return new Map(resources.map((one) => [`${one.apiVersion}/${one.kind}`, one]));
}

/** Where an object lives: `/apis/apps/v1/namespaces/shop/deployments/web/status`. */
export function resourcePath(
  {
    apiVersion,
    resource,
    namespaced,
  }: Pick<DiscoveredResource, "apiVersion" | "resource" | "namespaced">,
  at: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly subresource?: string | undefined;
  },
): string {
  const root = apiVersion.includes("/") ? "/apis" : "/api";
  const scope = namespaced && at.namespace ? ["namespaces", at.namespace] : [];
  const parts = [...scope, resource, at.name, at.subresource];
  const path = parts.filter((part) => part !== undefined && part !== "");
  return [root, apiVersion, ...path.map((part) => encodePart(part ?? ""))].join("/");
}

/** Names such as `system:node` keep their colon, as in kubectl. */
function encodePart(part: string): string {
  return part.split("/").map(encodeURIComponent).join("/").replaceAll("%3A", ":");
}
