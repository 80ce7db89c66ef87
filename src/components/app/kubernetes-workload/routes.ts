// Names from outside for apps that ask for one. The ingress filler turns them into route objects and flows.

import type { PlannedApp, PlannedRoute, ResolveContext } from "../../../model/index.ts";
import { appArea, SERVICE_PORT } from "./surface.ts";

export function appRoutes(_context: ResolveContext, apps: readonly PlannedApp[]): PlannedRoute[] {
  return apps.flatMap(({ name, namespace, route, split, origin }) =>
    route === undefined
      ? []
      : [
          {
            name,
            namespace,
            hostname: route.hostname,
            paths: route.paths,
            ...(split === undefined
              ? { service: name }
              : { service: split.stable, candidate: split.candidate }),
            servicePort: SERVICE_PORT,
            workload: name,
            targetPort: route.port,
            area: appArea({ name }),
            origin: [...origin, "route"],
          },
        ],
  );
}
