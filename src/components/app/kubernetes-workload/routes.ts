// Names from outside for apps that ask for one. The ingress filler turns them into route objects and flows.

import type { PlannedApp, PlannedRoute, ResolveContext } from "../../../model/index.ts";
import { appArea, routeServicePort } from "./surface.ts";

export function appRoutes(_context: ResolveContext, apps: readonly PlannedApp[]): PlannedRoute[] {
  return apps.flatMap(routesOf);
}

/** The app's own, and one for every third party: rules hold for a whole route object. */
function routesOf(app: PlannedApp): PlannedRoute[] {
  const { name, namespace, route, split, origin } = app;
  if (route === undefined) return [];
  const { hostname, port, paths, traffic, callbacks } = route;
  const common = {
    namespace,
    hostname,
    // Third parties always reach the version that is kept.
    service: split?.stable ?? name,
    servicePort: routeServicePort(app),
    workload: name,
    targetPort: port,
    area: appArea({ name }),
  };
  return [
    {
      ...common,
      name,
      paths,
      ...(split === undefined ? {} : { candidate: split.candidate }),
      ...trafficOf(traffic),
      origin: [...origin, "route"],
    },
    ...callbacks.map((callback) => ({
      ...common,
      name: `${name}-${callback.name}`,
      paths: [callback.path],
      ...trafficOf(callback.traffic),
      origin: [...origin, "route", "callbacks", callback.name],
    })),
  ];
}

function trafficOf(traffic: PlannedRoute["traffic"] & {}): Pick<PlannedRoute, "traffic"> {
  return Object.keys(traffic).length === 0 ? {} : { traffic };
}
