// What the ingress does with a request before anybody is asked: the first cluster with a route decides, redirects are
// written with the ports of this machine, limits are counted, and the pods behind the route are listed.

import type { Rng } from "../../core/index.ts";
import type { RequestHandling, RouteDecision, RouteRedirect } from "../../model/index.ts";
import { clientOf, mayAsk } from "./client-address.ts";
import type { AskedPod, EndpointChoice, IngressBackend } from "./endpoint-choice.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { RequestFacts } from "./request-facts.ts";

/** Where the ingress listens; absent: it does not. */
export interface IngressPorts {
  readonly http: number;
  readonly https?: number;
}

export interface Routing {
  readonly backends: readonly IngressBackend[];
  readonly choice: EndpointChoice;
  readonly limits: RateLimits;
  /** Draws the requests that mirrors of a share get. */
  readonly rng: Rng;
  readonly ports: () => IngressPorts;
}

export type RoutedTo =
  | {
      readonly kind: "pods";
      readonly pods: readonly AskedPod[];
      readonly mirrors: readonly AskedPod[];
      readonly route: string;
      readonly service: string;
      readonly handling: RequestHandling;
      /** How long the request has to wait for its turn. */
      readonly delayMs: number;
    }
  | { readonly kind: "redirect"; readonly status: number; readonly location: string }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly reason: string;
      readonly route?: string;
    };

export function routeRequest(facts: RequestFacts, routing: Routing): RoutedTo {
  const routed = routeAsAsked(facts, routing);
  if (!("unmatched" in routed) || !facts.tls) return routed;
  // Where no listener speaks TLS, this port ends it in front of those for HTTP, as a load balancer would.
  const plain = routeAsAsked({ ...facts, tls: false }, routing);
  return "unmatched" in plain ? routed : plain;
}

type Unmatched = Extract<RoutedTo, { kind: "refused" }> & { readonly unmatched: true };

function routeAsAsked(facts: RequestFacts, routing: Routing): RoutedTo | Unmatched {
  let missed: Extract<RouteDecision, { kind: "none" }> | undefined;
  for (const backend of routing.backends) {
    const decision = backend.routes.match(facts);
    if (decision.kind === "redirect" && !leadsBack(decision, facts))
      return {
        kind: "redirect",
        status: decision.status,
        location: locationOf(seenBy(facts, decision), facts, routing.ports()),
      };
    if (decision.kind === "service") return toPods(decision, facts, backend, routing);
    if (decision.kind === "none" && (missed === undefined || decision.status !== undefined))
      missed = decision;
  }
  const { status = 404, reason = "no ingress" } = missed ?? {};
  return { kind: "refused", status, reason, unmatched: true };
}

/** This port ended TLS, and the listeners for HTTP decide. */
const endsTls = ({ scheme, tls }: RequestFacts): boolean => scheme === "https" && !tls;

/** The client speaks HTTPS already: there is nothing behind such a redirect. */
function leadsBack({ scheme, host, path }: RouteRedirect, facts: RequestFacts): boolean {
  return endsTls(facts) && scheme === "https" && host === facts.host && path === facts.path;
}

/** A path elsewhere keeps the client's scheme, not the listener's. */
function seenBy(facts: RequestFacts, redirect: RouteRedirect): RouteRedirect {
  return endsTls(facts) && redirect.host === facts.host
    ? { ...redirect, scheme: facts.scheme }
    : redirect;
}

function toPods(
  decision: Extract<RouteDecision, { kind: "service" }>,
  facts: RequestFacts,
  backend: IngressBackend,
  { choice, limits, rng }: Routing,
): RoutedTo {
  const { route, handling = {} } = decision;
  const name = `${decision.namespace}/${decision.service}`;
  const client = clientOf(facts, handling);
  if (!mayAsk(client, handling))
    return { kind: "refused", status: 403, reason: "this client may not ask", route };
  const admission = limits.admit(handling.rateLimits ?? [], client);
  if (admission.outcome === "refuse")
    return { kind: "refused", status: admission.status, reason: "too many requests", route };
  const pods = choice.pods(decision, backend);
  if (pods === undefined || pods.length === 0) {
    const reason =
      pods === undefined
        ? `service ${name}:${decision.port} does not exist`
        : `service ${name}:${decision.port} has no ready endpoint`;
    return { kind: "refused", status: 503, reason, route };
  }
  const mirrors = (handling.mirrors ?? [])
    .filter(({ percent }) => percent >= 100 || rng.next() * 100 < percent)
    .flatMap((mirror) => choice.pods(mirror, backend)?.slice(0, 1) ?? []);
  return {
    kind: "pods",
    pods,
    mirrors,
    route,
    service: name,
    handling,
    delayMs: admission.delayMs,
  };
}

const SCHEME_PORTS = { http: 80, https: 443 } as const;

/** A redirect to the platform's own port 80 or 443 has to arrive at the port that stands for it here. */
function locationOf(
  { scheme, host, port, path }: RouteRedirect,
  { host: asked, hostField, query }: RequestFacts,
  ports: IngressPorts,
): string {
  const isOwn = host === asked;
  // Under the name the client knows, which may be an alias.
  const name = isOwn ? hostField.replace(/:\d+$/, "") : host;
  const wanted = port ?? SCHEME_PORTS[scheme];
  const local = isOwn && wanted === SCHEME_PORTS[scheme] ? (ports[scheme] ?? wanted) : wanted;
  const suffix = local === SCHEME_PORTS[scheme] ? "" : `:${local}`;
  const search = query === "" || path.includes("?") ? "" : `?${query}`;
  return `${scheme}://${name}${suffix}${path}${search}`;
}
