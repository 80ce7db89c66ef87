// What the filters and timeouts of an HTTPRoute rule do to a request. Mirrors HTTPRouteFilter and HTTPRouteTimeouts of
// Gateway API v1.6; retries are not part of its standard channel.

import { parseDuration } from "../../../../core/index.ts";
import type {
  HeaderChanges,
  RequestHandling,
  RoutedRequest,
  RouteRedirect,
} from "../../../../model/index.ts";
import type {
  HeaderFilter,
  PathModifier,
  RouteFilter,
  RouteMatch,
  RouteRule,
} from "./resources.ts";

/** Undefined: the rule does not redirect. */
export function redirectOf(
  { filters = [] }: RouteRule,
  match: RouteMatch,
  request: RoutedRequest,
): RouteRedirect | undefined {
  const found = filters.find(({ type }) => type === "RequestRedirect")?.requestRedirect;
  if (found === undefined) return undefined;
  const { scheme, hostname, path, port, statusCode } = found;
  return {
    kind: "redirect",
    status: statusCode ?? 302,
    scheme: scheme ?? (request.tls ? "https" : "http"),
    host: hostname ?? request.host,
    ...(port === undefined ? {} : { port }),
    path: modifiedPath(path, match, request.path) ?? request.path,
  };
}

export function handlingOf(
  { filters = [], timeouts }: RouteRule,
  match: RouteMatch,
  request: RoutedRequest,
  namespace: string,
): RequestHandling {
  const headers = headerChanges(filters, "requestHeaderModifier");
  const answered = headerChanges(filters, "responseHeaderModifier");
  const rewrite = rewriteOf(filters, match, request);
  const mirrors = filters.flatMap((filter) => mirrorOf(filter, namespace));
  const timeoutMs = durationMs(timeouts?.request);
  const attemptTimeoutMs = durationMs(timeouts?.backendRequest);
  return {
    ...(headers && { requestHeaders: headers }),
    ...(answered && { responseHeaders: answered }),
    ...(rewrite && { rewrite }),
    ...(mirrors.length > 0 && { mirrors }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(attemptTimeoutMs !== undefined && { attemptTimeoutMs }),
  };
}

function headerChanges(
  filters: readonly RouteFilter[],
  kind: "requestHeaderModifier" | "responseHeaderModifier",
): HeaderChanges | undefined {
  const found = filters.find((filter) => filter[kind] !== undefined)?.[kind];
  return found && { set: fields(found.set), add: fields(found.add), remove: found.remove ?? [] };
}

function fields(list: HeaderFilter["set"] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

function rewriteOf(
  filters: readonly RouteFilter[],
  match: RouteMatch,
  request: RoutedRequest,
): RequestHandling["rewrite"] {
  const found = filters.find(({ type }) => type === "URLRewrite")?.urlRewrite;
  if (found === undefined) return undefined;
  const path = modifiedPath(found.path, match, request.path);
  return {
    ...(found.hostname === undefined ? {} : { host: found.hostname }),
    ...(path === undefined ? {} : { path }),
  };
}

/** `/shop` replaced by `/` makes `/` of `/shop` and `/cart` of `/shop/cart`. */
function modifiedPath(
  modifier: PathModifier | undefined,
  match: RouteMatch,
  path: string,
): string | undefined {
  if (modifier === undefined) return undefined;
  if (modifier.type === "ReplaceFullPath") return modifier.replaceFullPath ?? "/";
  const prefix = (match.path?.value ?? "/").replace(/\/$/, "");
  const rest = path.slice(prefix.length).replace(/^\//, "");
  const base = (modifier.replacePrefixMatch ?? "/").replace(/\/$/, "");
  return rest === "" ? base || "/" : `${base}/${rest}`;
}

function mirrorOf(
  { requestMirror }: RouteFilter,
  namespace: string,
): NonNullable<RequestHandling["mirrors"]>[number][] {
  if (requestMirror === undefined) return [];
  const { backendRef, percent, fraction } = requestMirror;
  const share = fraction && (fraction.numerator * 100) / (fraction.denominator ?? 100);
  return [
    {
      namespace: backendRef.namespace ?? namespace,
      service: backendRef.name,
      port: backendRef.port ?? 80,
      percent: percent ?? share ?? 100,
    },
  ];
}

/** Gateway API durations: `10s`, `1h30m`, `500ms`; zero means no limit. */
function durationMs(text: string | undefined): number | undefined {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed === undefined || parsed === 0 ? undefined : parsed;
}
