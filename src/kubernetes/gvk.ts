// Groups, versions, kinds and resources.

export interface GroupVersionKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  /** Plural, lower-case: `deployments`. */
  readonly resource: string;
}

/** Names a kind by the two fields every object carries. */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** `apps/v1` → `{group: "apps", version: "v1"}`; `v1` → the core group. */
export function parseApiVersion(apiVersion: string): {
  readonly group: string;
  readonly version: string;
} {
  const slash = apiVersion.indexOf("/");
  if (slash < 0) return { group: "", version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function formatApiVersion(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

export function gvkOf({ apiVersion, kind }: KindRef): GroupVersionKind {
  return { ...parseApiVersion(apiVersion), kind };
}
