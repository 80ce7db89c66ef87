// Decides a request from live Ingress objects: host, then exact path, then longest prefix, then the canaries beside it.
// Mirrors internal/ingress/controller (getBackendServers, mergeAlternativeBackends) and rootfs/etc/nginx/lua/balancer.lua
// of ingress-nginx controller-v1.15.1.

import type { Informer } from "../../../../kubernetes/index.ts";
import type { RouteDecision, RoutedRequest, RouteTable } from "../../../../model/index.ts";
import { createWeightedTurns, type WeightedTurns } from "../../weighted-turns.ts";
import { annotation, canaryOf, handlingOf, isTrue } from "./annotations.ts";
import {
  isOurs,
  type Ingress,
  type IngressBackendRef,
  type IngressClass,
  type IngressPath,
} from "./resources.ts";

export interface IngressRouteInputs {
  readonly ingresses: Informer;
  readonly classes: Informer;
  readonly services: Informer;
}

interface Location {
  readonly ingress: Ingress;
  readonly host: string | undefined;
  readonly path: IngressPath;
  /** What a regular expression captured. */
  readonly captured: RegExpExecArray | undefined;
  /** Compared element by element, higher first. */
  readonly rank: readonly number[];
}

export function createIngressRouteTable(inputs: IngressRouteInputs): RouteTable {
  const turns = createWeightedTurns();
  return {
    match(request) {
      const ours = (inputs.ingresses.list() as readonly Ingress[]).filter((ingress) =>
        isOurs(ingress, inputs.classes.list() as readonly IngressClass[]),
      );
      const locations = ours.flatMap((ingress) => locationsOf(ingress, request)).toSorted(byRank);
      const best = locations.find(({ ingress }) => !isTrue(ingress, "canary"));
      if (best === undefined)
        return { kind: "none", reason: `no ingress for ${request.host}${request.path}` };
      const redirect = redirectOf(best, request);
      if (redirect !== undefined) return redirect;
      return decide(withCanary(best, locations, request, turns), best, inputs);
    },
  };
}

function locationsOf(ingress: Ingress, request: RoutedRequest): Location[] {
  return (ingress.spec.rules ?? []).flatMap(({ host, http }) => {
    const hostRank = rankOfHost(host, request.host);
    if (hostRank === undefined) return [];
    return (http?.paths ?? []).flatMap((path) => {
      const found = matchPath(ingress, path, request.path);
      if (found === undefined) return [];
      return { ingress, host, path, captured: found.captured, rank: [hostRank, ...found.rank] };
    });
  });
}

/** `*.example.com` covers one label. */
function rankOfHost(host: string | undefined, asked: string): number | undefined {
  if (host === undefined || host === "") return 0;
  if (host === asked) return 2;
  const isCovered = host.startsWith("*.") && asked.replace(/^[^.]+/, "*") === host;
  return isCovered ? 1 : undefined;
}

interface MatchedPath {
  readonly rank: readonly [exact: number, length: number];
  readonly captured: RegExpExecArray | undefined;
}

function matchPath(
  ingress: Ingress,
  { path = "/", pathType }: IngressPath,
  asked: string,
): MatchedPath | undefined {
  const isPattern =
    isTrue(ingress, "use-regex") || annotation(ingress, "rewrite-target") !== undefined;
  if (isPattern && pathType !== "Exact") {
    const captured = execute(path, asked);
    return captured === undefined ? undefined : { rank: [0, path.length], captured };
  }
  const bare = path.replace(/\/$/, "");
  const fits =
    pathType === "Exact"
      ? asked === path
      : pathType === "Prefix"
        ? asked === bare || asked.startsWith(`${bare}/`)
        : asked.startsWith(path);
  if (!fits) return undefined;
  return { rank: [pathType === "Exact" ? 1 : 0, path.length], captured: undefined };
}

/** Without regard to case, from the start: `location ~* "^path"`. */
function execute(pattern: string, path: string): RegExpExecArray | undefined {
  try {
    return new RegExp(`^${pattern}`, "i").exec(path) ?? undefined;
  } catch {
    return undefined;
  }
}

function byRank(a: Location, b: Location): number {
  const at = a.rank.findIndex((value, index) => value !== b.rank[index]);
  if (at >= 0) return (b.rank[at] ?? 0) - (a.rank[at] ?? 0);
  return ageOf(a) < ageOf(b) ? -1 : 1;
}

const ageOf = ({ ingress: { metadata } }: Location): string =>
  [metadata.creationTimestamp, metadata.namespace, metadata.name].join("/");

/** 308 to HTTPS for hosts with a certificate, unless told not to; then the redirects that annotations ask for. */
function redirectOf({ ingress }: Location, request: RoutedRequest): RouteDecision | undefined {
  const hasTls = (ingress.spec.tls ?? []).some(({ hosts }) => hosts?.includes(request.host));
  const wantsTls =
    (hasTls && annotation(ingress, "ssl-redirect") !== "false") ||
    isTrue(ingress, "force-ssl-redirect");
  if (wantsTls && !request.tls)
    return {
      kind: "redirect",
      status: 308,
      scheme: "https",
      host: request.host,
      path: request.path,
    };
  const permanent = annotation(ingress, "permanent-redirect");
  const temporal = annotation(ingress, "temporal-redirect");
  const target = permanent ?? temporal;
  return target === undefined ? undefined : toUrl(target, permanent === undefined ? 302 : 301);
}

function toUrl(text: string, status: number): RouteDecision | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(text);
  return {
    kind: "redirect",
    status,
    scheme: protocol === "https:" ? "https" : "http",
    host: hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    path: pathname + search,
  };
}

/** The canary of the same host and path when the request is one of its: by header, then by cookie, then by weight. */
function withCanary(
  best: Location,
  locations: readonly Location[],
  request: RoutedRequest,
  turns: WeightedTurns,
): Location {
  const canary = locations.find(
    ({ ingress, host, path }) =>
      isTrue(ingress, "canary") && host === best.host && path.path === best.path.path,
  );
  if (canary === undefined) return best;
  const { header, cookie, weight, total } = canaryOf(canary.ingress);
  const said = header && request.headers[header.name.toLowerCase()];
  if (header !== undefined && said !== undefined) {
    if (said === (header.value ?? "always")) return canary;
    if (header.value === undefined && said === "never") return best;
  }
  const crumb = cookie === undefined ? undefined : cookieOf(request, cookie);
  if (crumb === "always") return canary;
  if (crumb === "never") return best;
  const turn = turns.next(canary.ingress, [Math.max(0, total - weight), weight]);
  return turn === 1 ? canary : best;
}

function cookieOf({ headers }: RoutedRequest, name: string): string | undefined {
  const pairs = (headers["cookie"] ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([key]) => key === name)?.[1];
}

function decide(chosen: Location, best: Location, inputs: IngressRouteInputs): RouteDecision {
  const { namespace = "default", name } = best.ingress.metadata;
  const backend = backendOf(chosen.path.backend, chosen.ingress.metadata.namespace, inputs);
  if (backend === undefined)
    return { kind: "none", status: 503, reason: `ingress ${namespace}/${name} has no service` };
  const target = annotation(best.ingress, "rewrite-target");
  const rewritten = target?.replace(
    /\$(\d)/g,
    (_, group: string) => best.captured?.[Number(group)] ?? "",
  );
  return {
    kind: "service",
    ...backend,
    route: `${namespace}/${name}`,
    handling: handlingOf(best.ingress, rewritten),
  };
}

function backendOf(
  { service }: IngressBackendRef,
  namespace = "default",
  { services }: IngressRouteInputs,
): { namespace: string; service: string; port: number } | undefined {
  if (service === undefined) return undefined;
  const found = services.get(service.name, namespace);
  const ports = (found?.["spec"] as { ports?: { name?: string; port: number }[] } | undefined)
    ?.ports;
  const { number, name } = service.port ?? {};
  const port = number ?? ports?.find((one) => one.name === name)?.port;
  if (found === undefined || port === undefined) return undefined;
  return { namespace, service: service.name, port };
}
