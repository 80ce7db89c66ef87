// Whether one match of an HTTPRoute rule takes a request, and how specific it is. Mirrors HTTPRouteMatch of Gateway API v1.6.

import type { RoutedRequest } from "../../../../model/index.ts";
import type { RouteMatch, ValueMatch } from "./resources.ts";

/** Exact path, then longest prefix, then method, then number of headers, then of query parameters; higher is better. */
export function matchRank(
  { path, method, headers = [], queryParams = [] }: RouteMatch,
  request: RoutedRequest,
): readonly number[] | undefined {
  const value = path?.value ?? "/";
  const type = path?.type ?? "PathPrefix";
  if (!matchesPath(type, value, request.path)) return undefined;
  if (method !== undefined && method !== request.method) return undefined;
  if (!headers.every((wanted) => matches(wanted, request.headers[wanted.name.toLowerCase()])))
    return undefined;
  const query = new URLSearchParams(request.query ?? "");
  if (!queryParams.every((wanted) => matches(wanted, query.get(wanted.name) ?? undefined)))
    return undefined;
  const isExact = type === "Exact" ? 1 : 0;
  const hasMethod = method === undefined ? 0 : 1;
  return [isExact, value.length, hasMethod, headers.length, queryParams.length];
}

function matchesPath(
  type: NonNullable<NonNullable<RouteMatch["path"]>["type"]>,
  value: string,
  path: string,
): boolean {
  if (type === "Exact") return path === value;
  return type === "RegularExpression" ? matchesPattern(value, path) : hasPrefix(path, value);
}

/** Prefixes match whole path segments: `/shop` takes `/shop/cart`, not `/shopping`. */
export function hasPrefix(path: string, prefix: string): boolean {
  const bare = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path === bare || path.startsWith(`${bare}/`);
}

function matches({ type, value }: ValueMatch, given: string | undefined): boolean {
  if (given === undefined) return false;
  return type === "RegularExpression" ? matchesPattern(`^(?:${value})$`, given) : given === value;
}

/** As nginx anchors `~ ^pattern`; a pattern that cannot be read takes nothing. */
function matchesPattern(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern.startsWith("^") ? pattern : `^${pattern}`).test(text);
  } catch {
    return false;
  }
}
