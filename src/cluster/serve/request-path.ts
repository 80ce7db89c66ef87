// What a path asks for. Mirrors k8s.io/apiserver pkg/endpoints/request/requestinfo.go.

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly resource: string;
  /** Empty for the collection. */
  readonly name: string;
  readonly subresource: string;
  /** The deprecated `/watch/` prefix. */
  readonly isWatch: boolean;
}

const NAMESPACE_SUBRESOURCES: readonly string[] = ["status", "finalize"];

/** Undefined when the path is not about a resource: discovery, health, version. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const filled = path.split("/").filter((part) => part !== "");
  const parts = path.includes("%") ? filled.map(decodePart) : filled;
  const prefix = parts.shift();
  if (prefix !== "api" && prefix !== "apis") return undefined;
  const group = prefix === "api" ? "" : parts.shift();
  const version = parts.shift();
  if (group === undefined || version === undefined || parts.length === 0) return undefined;
  const isWatch = parts[0] === "watch" && parts.length > 1;
  if (isWatch) parts.shift();
  return { group, version, isWatch, ...parseTail(parts) };
}

type Tail = Pick<ResourcePath, "namespace" | "resource" | "name" | "subresource">;

function parseTail(parts: readonly string[]): Tail {
  const [first = "", second, third, ...rest] = parts;
  const isNamespaced =
    first === "namespaces" && third !== undefined && !NAMESPACE_SUBRESOURCES.includes(third);
  if (isNamespaced) {
    const [name = "", ...subresource] = rest;
    return { namespace: second, resource: third, name, subresource: subresourceOf(subresource) };
  }
  const subresource = third === undefined ? "" : subresourceOf([third, ...rest]);
  return { namespace: undefined, resource: first, name: second ?? "", subresource };
}

/** Carried by a node or a proxy to a pod; `proxy` has a path of its own behind it. */
const STREAMS: ReadonlySet<string> = new Set(["attach", "exec", "portforward", "proxy"]);

export function isStream({ subresource }: Pick<ResourcePath, "subresource">): boolean {
  return STREAMS.has(subresource);
}

function subresourceOf(parts: readonly string[]): string {
  const [first = ""] = parts;
  return first === "proxy" ? first : parts.join("/");
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
