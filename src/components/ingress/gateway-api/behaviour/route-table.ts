// Decides a request from live HTTPRoutes: hostname, path, method and headers, most specific first, then backend by weight.
// Mirrors the precedence rules of HTTPRouteRule in Gateway API v1.6.

import type { Informer } from "../../../../kubernetes/index.ts";
import type {
  RequestHandling,
  RouteDecision,
  RoutedRequest,
  RouteTable,
} from "../../../../model/index.ts";
import { createWeightedTurns, type WeightedTurns } from "../../weighted-turns.ts";
import { attach, covers, parentsNaming } from "./attachment.ts";
import { handlingOf, redirectOf } from "./handling.ts";
import { matchRank } from "./match-rank.ts";
import type { Gateway, HttpRoute, Listener, RouteMatch, RouteRule } from "./resources.ts";

interface Candidate {
  readonly route: HttpRoute;
  readonly rule: RouteRule;
  readonly match: RouteMatch;
  /** Compared element by element, higher first. */
  readonly rank: readonly number[];
}

export interface RouteTableInputs {
  readonly gateways: Informer;
  readonly routes: Informer;
  readonly namespaces: Informer;
  readonly isOurs: (gateway: Gateway) => boolean;
  /** A backend that names no Service is an error of the route's. */
  readonly services: Informer;
  /** Of the implementation's own policies. */
  readonly policiesOf?: (route: HttpRoute) => Partial<RequestHandling>;
}

export function createRouteTable(inputs: RouteTableInputs): RouteTable {
  const turns = createWeightedTurns();
  return {
    match(request) {
      const best = candidates(request, inputs).toSorted(bySpecificity)[0];
      if (best === undefined)
        return { kind: "none", reason: `no route for ${request.host}${request.path}` };
      return decide(best, request, inputs, turns);
    },
  };
}

function candidates(
  request: RoutedRequest,
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

function candidatesOf(route: HttpRoute, request: RoutedRequest): Candidate[] {
  const hostname = hostnameRank(route.spec.hostnames ?? [], request.host);
  if (hostname === undefined) return [];
  return (route.spec.rules ?? []).flatMap((rule) =>
    (rule.matches ?? [{}]).flatMap((match) => {
      const rank = matchRank(match, request);
      return rank === undefined ? [] : [{ route, rule, match, rank: [...hostname, ...rank] }];
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

function decide(
  { route, rule, match }: Candidate,
  request: RoutedRequest,
  { services, policiesOf }: RouteTableInputs,
  turns: WeightedTurns,
): RouteDecision {
  const redirect = redirectOf(rule, match, request);
  if (redirect !== undefined) return redirect;
  const { namespace: own = "default", name } = route.metadata;
  const backends = rule.backendRefs ?? [];
  const turn = turns.next(
    rule,
    backends.map(({ weight = 1 }) => weight),
  );
  const backend = turn === undefined ? undefined : backends[turn];
  const namespace = backend?.namespace ?? own;
  // "If all entries in BackendRefs are invalid … all traffic that matches this rule MUST receive a 500 status code."
  if (backend === undefined || services.get(backend.name, namespace) === undefined)
    return { kind: "none", status: 500, reason: `route ${own}/${name} has no backend for this` };
  const handling = { ...policiesOf?.(route), ...handlingOf(rule, match, request, own) };
  return {
    kind: "service",
    namespace,
    service: backend.name,
    port: backend.port ?? 80,
    route: `${own}/${name}`,
    ...(Object.keys(handling).length === 0 ? {} : { handling }),
  };
}
