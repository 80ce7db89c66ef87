// What the proxy of a pod does with a connection, by Servers, routes at them and AuthorizationPolicies. Mirrors
// linkerd/linkerd2 edge-26.8.3 policy-controller/k8s/index/src/inbound/index.rs (a Server's clients or, where it has routes,
// each route's; nothing fits: 404, here a refusal), under defaultInboundPolicy `deny`, as far as we emit fields.

import { isRecord, parseCidr, parseRange, rangeContains } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { MeshDecider, MeshDecision, MeshRequest } from "../../../model/index.ts";
import { isSelected, recordsAt } from "../objects.ts";

type Fields = Readonly<Record<string, unknown>>;

const REFUSED: MeshDecision = { allowed: false, by: "policy", reason: "unauthorized" };

export function decideByLinkerd(objects: readonly KubernetesObject[]): MeshDecider {
  const own = objects.filter(({ apiVersion }) => apiVersion.startsWith("policy.linkerd.io/"));
  return (request) => {
    const here = own.filter(({ metadata }) => metadata.namespace === request.to.namespace);
    const server = here.find((object) => isServerOf(object, request));
    if (server === undefined) return REFUSED;
    const { name } = server.metadata;
    const routes = here.filter(
      ({ kind, spec }) =>
        kind === "HTTPRoute" &&
        recordsAt(spec, "parentRefs").some((parent) => parent["name"] === name),
    );
    const targets = [{ kind: "Server", name }, ...routeFor(routes, request)];
    if (routes.length > 0 && targets.length === 1 && request.http !== undefined) return REFUSED;
    return targets.some((target) => isAllowed(here, target, request)) ? { allowed: true } : REFUSED;
  };
}

function isServerOf({ kind, spec }: KubernetesObject, { to, port }: MeshRequest): boolean {
  if (kind !== "Server" || !isRecord(spec)) return false;
  return spec["port"] === port && isSelected(spec["podSelector"], to.labels);
}

interface Target {
  readonly kind: string;
  readonly name: string;
}

/** The exact path before a prefix. */
function routeFor(routes: readonly KubernetesObject[], { http }: MeshRequest): Target[] {
  if (http === undefined) return [];
  const fits = (exact: boolean) => (route: KubernetesObject) =>
    recordsAt(route["spec"], "rules")
      .flatMap((rule) => recordsAt(rule, "matches"))
      .some((match) => {
        const path: Fields = isRecord(match["path"]) ? match["path"] : {};
        const { method = http.method } = match;
        const isExact = path["type"] === "Exact";
        const value = String(path["value"]);
        const matches = isExact ? http.path === value : http.path.startsWith(value);
        return isExact === exact && method === http.method && matches;
      });
  const found = routes.find(fits(true)) ?? routes.find(fits(false));
  return found === undefined ? [] : [{ kind: "HTTPRoute", name: found.metadata.name }];
}

/** One policy is enough; of its authentications every one has to hold. */
function isAllowed(
  here: readonly KubernetesObject[],
  target: Target,
  request: MeshRequest,
): boolean {
  return here.some(({ kind, spec }) => {
    if (kind !== "AuthorizationPolicy" || !isRecord(spec)) return false;
    const aim = spec["targetRef"];
    if (!isRecord(aim) || aim["kind"] !== target.kind || aim["name"] !== target.name) return false;
    return recordsAt(spec, "requiredAuthenticationRefs").every((reference) =>
      here.some(
        (one) =>
          one.kind === reference["kind"] &&
          one.metadata.name === reference["name"] &&
          isAuthenticated(one, request),
      ),
    );
  });
}

function isAuthenticated({ kind, spec }: KubernetesObject, request: MeshRequest): boolean {
  const { identity, address } = request;
  if (kind === "MeshTLSAuthentication")
    return recordsAt(spec, "identityRefs").some(
      ({ name, namespace }) =>
        identity?.serviceAccount === name && identity?.namespace === namespace,
    );
  const from = parseRange(`${address}-${address}`);
  return recordsAt(spec, "networks").some(({ cidr }) => {
    const network = parseCidr(String(cidr));
    return from !== undefined && network !== undefined && rangeContains(network, from);
  });
}
