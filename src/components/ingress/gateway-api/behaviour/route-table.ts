// Decides a request from live HTTPRoutes: hostname, path, method and headers, most specific first, then backend by weight.
// Mirrors the precedence rules of HTTPRouteRule in Gateway API v1.6.

import type { Rng } from "../../../../core/index.ts";
import type { Informer } from "../../../../kubernetes/index.ts";
import type { RouteDecision, RouteTable } from "../../../../model/index.ts";
import { attach, covers, parentsNaming } from "./attachment.ts";
import type {
  BackendRef,
  Gateway,
  HttpRoute,
  Listener,
  RouteFilter,
  RouteMatch,
  RouteRule,
} from "./resources.ts";

type Request = Parameters<RouteTable["match"]>[0];

interface Candidate {
  readonly route: HttpRoute;
  readonly rule: RouteRule;
  /** Compared element by element, higher first. */
  readonly rank: readonly number[];
}

export interface RouteTableInputs {
  readonly gateways: Informer;
  readonly routes: Informer;
  readonly namespaces: Informer;
  readonly isOurs: (gateway: Gateway) => boolean;
  readonly rng: Rng;
}

export function createRouteTable(inputs: RouteTableInputs): RouteTable {
  return {
    match(request) {
      const best = candidates(request, inputs).toSorted(bySpecificity)[0];
      if (best === undefined)
        return { kind: "none", reason: `no route for ${request.host}${request.path}` };
      return decide(best, request, inputs.rng);
    },
  };
}

function candidates(
  request: Request,
  { gateways, routes, namespaces, isOurs }: RouteTableInputs,
): Candidate[] {
  const protocol = request.tls ? "HTTPS" : "HTTP";
  const open = (gateways.list() as readonly Gateway[])
    .filter(isOurs)
    .flatMap((gateway) =>
      gateway.spec.listeners
        .filter(
          (listener) =>
            listener.protocol === protocol &&
            (listener.hostname === undefined || covers(listener.hostname, request.host)),
        )
        .map((listener) => ({ gateway, listener })),
    );
  return (routes.list() as readonly HttpRoute[])
    .filter((route) => open.some((entry) => isAttached(route, entry, namespaces)))
    .flatMap((route) => candidatesOf(route, request));
}

function isAttached(
  route: HttpRoute,
  { gateway, listener }: { gateway: Gateway; listener: Listener },
  namespaces: Informer,
): boolean {
  return parentsNaming(route, gateway).some(
    (parent) => attach(route, parent, gateway, listener, namespaces) === "Accepted",
  );
}

function candidatesOf(route: HttpRoute, request: Request): Candidate[] {
  const hostname = hostnameRank(route.spec.hostnames ?? [], request.host);
  if (hostname === undefined) return [];
  return (route.spec.rules ?? []).flatMap((rule) =>
    (rule.matches ?? [{}]).flatMap((match) => {
      const rank = matchRank(match, request);
      return rank === undefined ? [] : [{ route, rule, rank: [...hostname, ...rank] }];
    }),
  );
}

/** Exact before wildcard, longer before shorter; no hostnames at all comes last. */
function hostnameRank(hostnames: readonly string[], host: string): readonly number[] | undefined {
  if (hostnames.length === 0) return [0, 0];
  const ranks = hostnames
    .filter((pattern) => covers(pattern, host))
    .map((pattern) => [pattern === host ? 2 : 1, pattern.length]);
  return ranks.toSorted(compareRanks)[0];
}

/** Exact path, then longest prefix, then method, then number of headers. */
function matchRank(
  { path, method, headers = [] }: RouteMatch,
  request: Request,
): readonly number[] | undefined {
  const value = path?.value ?? "/";
  const type = path?.type ?? "PathPrefix";
  if (type === "Exact" ? request.path !== value : !hasPrefix(request.path, value)) return undefined;
  if (method !== undefined && method !== request.method) return undefined;
  if (!headers.every(({ name, value: wanted }) => request.headers[name.toLowerCase()] === wanted))
    return undefined;
  return [type === "Exact" ? 1 : 0, value.length, method === undefined ? 0 : 1, headers.length];
}

/** Prefixes match whole path segments: `/shop` takes `/shop/cart`, not `/shopping`. */
function hasPrefix(path: string, prefix: string): boolean {
  const bare = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  return path === bare || path.startsWith(`${bare}/`);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (b[at] ?? 0) - (a[at] ?? 0);
}

/** Ties go to the oldest route, then to the first by namespace and name. */
function bySpecificity(a: Candidate, b: Candidate): number {
  return compareRanks(a.rank, b.rank) || compareText(ageOf(a.route), ageOf(b.route));
}

const ageOf = ({ metadata }: HttpRoute): string =>
  [metadata.creationTimestamp, metadata.namespace, metadata.name].join("/");
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function decide({ route, rule }: Candidate, request: Request, rng: Rng): RouteDecision {
  const redirect = (rule.filters ?? []).find(({ type }) => type === "RequestRedirect");
  if (redirect?.requestRedirect !== undefined)
    return redirection(redirect.requestRedirect, request);
  const backend = chooseBackend(rule.backendRefs ?? [], rng);
  const name = `${route.metadata.namespace}/${route.metadata.name}`;
  if (backend === undefined) return { kind: "none", reason: `route ${name} has no backend` };
  const namespace = backend.namespace ?? route.metadata.namespace ?? "default";
  return {
    kind: "service",
    namespace,
    service: backend.name,
    port: backend.port ?? 80,
    route: name,
  };
}

function redirection(
  { scheme, hostname, port, statusCode }: NonNullable<RouteFilter["requestRedirect"]>,
  request: Request,
): RouteDecision {
  const target = scheme ?? (request.tls ? "https" : "http");
  const suffix = port === undefined ? "" : `:${port}`;
  return {
    kind: "redirect",
    status: statusCode ?? 302,
    location: `${target}://${hostname ?? request.host}${suffix}${request.path}`,
  };
}

/** Proportional to `weight`; weight 0 gets nothing. */
function chooseBackend(backends: readonly BackendRef[], rng: Rng): BackendRef | undefined {
  const weightOf = ({ weight = 1 }: BackendRef): number => weight;
  const total = backends.reduce((sum, backend) => sum + weightOf(backend), 0);
  let left = rng.next() * total;
  return backends.find((backend) => (left -= weightOf(backend)) < 0);
}
