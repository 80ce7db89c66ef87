// Whether what routes ask for is something the chosen ingress does. By ability: no ingress is known here by name.

import type { Diagnostic, Path } from "../../core/index.ts";
import { isProvided } from "../abilities.ts";
import type { Registry } from "../contracts/component.ts";
import type { Capability, PlannedRoute } from "../contracts/plan.ts";
import type { RouteTraffic } from "../contracts/route-traffic.ts";
import { routeWithoutIngress, unservedRoute } from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Choices } from "./choices.ts";

interface Wish {
  readonly key: keyof RouteTraffic;
  readonly capability: Capability;
  /** Completes "nothing on <cluster> …". */
  readonly does: string;
}

/** In the order in which a person writes them. */
const WISHES: readonly Wish[] = [
  { key: "headers", capability: "routeHeaders", does: "routes by header" },
  { key: "redirects", capability: "routeRedirects", does: "answers with redirects" },
  { key: "rateLimit", capability: "routeRateLimit", does: "limits the requests of a client" },
  { key: "timeoutMs", capability: "routeTimeout", does: "gives up on slow answers" },
  { key: "retries", capability: "routeRetries", does: "asks again after a failed answer" },
  { key: "bodySizeMax", capability: "routeBodySize", does: "limits the size of a body" },
  { key: "upstream", capability: "routeUpstreamTls", does: "speaks TLS to apps" },
  { key: "allowFrom", capability: "routeSources", does: "refuses clients by address" },
];

export function checkRoutes(
  registry: Registry,
  { cluster }: Pick<Choices, "cluster">,
  routes: readonly PlannedRoute[],
): Diagnostic[] {
  return [
    ...checkIngress(registry, { cluster }, routes),
    ...checkWishes(registry, { cluster }, routes),
  ];
}

/** Pages of the platform's own systems are for whoever looks; people's apps were given a name to be reached by. */
function checkIngress(
  registry: Registry,
  { cluster }: Pick<Choices, "cluster">,
  routes: readonly PlannedRoute[],
): Diagnostic[] {
  if (isProvided(cluster, "httpRoute")) return [];
  const fillers = fillersOf(registry, "httpRoute");
  return routes
    .filter(({ area }) => area.startsWith("apps/"))
    .map(({ hostname, origin }) =>
      routeWithoutIngress(origin, { route: hostname, cluster: cluster.name, fillers }),
    );
}

function checkWishes(
  registry: Registry,
  { cluster }: Pick<Choices, "cluster">,
  routes: readonly PlannedRoute[],
): Diagnostic[] {
  return routes.flatMap(({ name, traffic = {}, origin }) =>
    WISHES.flatMap(({ key, capability, does }) => {
      if (traffic[key] === undefined || isProvided(cluster, capability)) return [];
      const fillers = fillersOf(registry, capability);
      const path: Path = origin;
      return [unservedRoute(path, { route: name, does, cluster: cluster.name, fillers })];
    }),
  );
}
