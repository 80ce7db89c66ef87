// Whether a route attaches to a listener: parent, section, hostname and namespace agree.
// Mirrors Gateway API "Attaching Routes to Gateways" (v1.6).

import { matchesSelector, type Informer } from "../../../../kubernetes/index.ts";
import type { Gateway, HttpRoute, Listener, ParentRef } from "./resources.ts";

/** The parent references of a route that name this gateway. */
export function parentsNaming(route: HttpRoute, gateway: Gateway): readonly ParentRef[] {
  const { name, namespace } = gateway.metadata;
  return (route.spec.parentRefs ?? []).filter(
    (parent) =>
      (parent.kind ?? "Gateway") === "Gateway" &&
      parent.name === name &&
      (parent.namespace ?? route.metadata.namespace) === namespace,
  );
}

/** Why a listener refuses a route, or that it accepts it. */
export type Attachment =
  | "Accepted"
  | "NoMatchingParent"
  | "NotAllowedByListeners"
  | "NoMatchingListenerHostname";

export function attach(
  route: HttpRoute,
  parent: ParentRef,
  gateway: Gateway,
  listener: Listener,
  namespaces: Informer,
): Attachment {
  if (parent.sectionName !== undefined && parent.sectionName !== listener.name)
    return "NoMatchingParent";
  if (listener.protocol !== "HTTP" && listener.protocol !== "HTTPS") return "NotAllowedByListeners";
  if (!allowsNamespace(listener, gateway, route, namespaces)) return "NotAllowedByListeners";
  return sharesHostname(listener.hostname, route.spec.hostnames ?? [])
    ? "Accepted"
    : "NoMatchingListenerHostname";
}

function allowsNamespace(
  { allowedRoutes }: Listener,
  gateway: Gateway,
  route: HttpRoute,
  namespaces: Informer,
): boolean {
  const from = allowedRoutes?.namespaces?.from ?? "Same";
  if (from === "All") return true;
  if (from === "Same") return gateway.metadata.namespace === route.metadata.namespace;
  const labels = namespaces.get(route.metadata.namespace ?? "")?.metadata.labels ?? {};
  return matchesSelector(allowedRoutes?.namespaces?.selector, labels);
}

function sharesHostname(listener: string | undefined, hostnames: readonly string[]): boolean {
  if (listener === undefined || hostnames.length === 0) return true;
  return hostnames.some((hostname) => covers(listener, hostname) || covers(hostname, listener));
}

/** `*.example.com` covers any name below it, never the bare domain. */
export function covers(pattern: string, hostname: string): boolean {
  if (pattern === hostname) return true;
  return (
    pattern.startsWith("*.") &&
    hostname.length > pattern.length - 1 &&
    hostname.endsWith(pattern.slice(1))
  );
}
