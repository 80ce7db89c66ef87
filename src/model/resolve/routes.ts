// Names from outside: components' own pages and what providers route for their intents. No address is answered twice.

import type { Diagnostic, Path } from "../../core/index.ts";
import type { ResolveContext } from "../contracts/component.ts";
import type { PlannedRoute } from "../contracts/plan.ts";
import { contestedRoute } from "../plan-diagnostics.ts";
import { intentsOf } from "../intents/intents-of.ts";
import type { BoundIntents } from "./bind-needs.ts";
import type { Choices } from "./choices.ts";
import { checkRoutes } from "./route-abilities.ts";
import type { Resolution } from "./resolve-plan.ts";

export function gatherRoutes(
  { registry, report }: Pick<Resolution, "registry" | "report">,
  { cluster, filled, provided }: Choices,
  bound: BoundIntents,
): PlannedRoute[] {
  const contextAt = (path: Path): ResolveContext => ({ cluster, path, report });
  const own = [...filled, ...provided].flatMap(
    ({ component, choice }) => component.routes?.(contextAt(choice.path), choice.options) ?? [],
  );
  const routed = provided.flatMap(({ component, choice }) => {
    const intents = intentsOf(bound, choice.serves);
    if (intents.length === 0) return [];
    return component.intentRoutes?.(contextAt(choice.path), intents, choice.options) ?? [];
  });
  const routes = [...own, ...routed].toSorted(byAddress);
  contested(routes).forEach(report);
  checkRoutes(registry, { cluster }, routes).forEach(report);
  return routes;
}

function byAddress(a: PlannedRoute, b: PlannedRoute): number {
  const [first, second] = [sortKey(a), sortKey(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function sortKey({ hostname, paths, namespace, name }: PlannedRoute): string {
  return [hostname, paths.join(" "), namespace, name].join("\u0000");
}

function contested(routes: readonly PlannedRoute[]): Diagnostic[] {
  const seen = new Map<string, PlannedRoute>();
  return routes.flatMap((route) =>
    route.paths.flatMap((prefix) => {
      const address = `${route.hostname}${prefix}`;
      const first = seen.get(address);
      if (first === undefined) seen.set(address, route);
      if (first === undefined) return [];
      const { hostname } = route;
      return [contestedRoute(route.origin, { hostname, prefix, first: first.origin })];
    }),
  );
}
