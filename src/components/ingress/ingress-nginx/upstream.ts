// TLS to the pods as annotations. The controller reads secrets of the Ingress's own namespace only (allow-cross-namespace-resources
// is off), and one Secret holds both what it shows and the authority it checks with. Names as in
// docs/user-guide/nginx-configuration/annotations.md of controller-v1.15.1, "Backend Certificate Authentication".

import type { Path } from "../../../core/index.ts";
import type { PeerDemand, PlannedRoute } from "../../../model/index.ts";
import { upstreamName } from "../../../model/index.ts";
import { CLIENT_SECRET } from "../upstream-tls.ts";
import { CONTROLLER } from "./surface.ts";

/** A certificate in each namespace with such a route: it is what the annotation names, whether a backend asks for it or not. */
export function clientsBesideRoutes(routes: readonly PlannedRoute[], origin: Path): PeerDemand[] {
  const areas = new Map(routes.map(({ namespace, area }) => [namespace, area]));
  const names = [`${CONTROLLER.name}.${CONTROLLER.namespace}.svc`];
  return [...areas].map(([namespace, area]) => ({
    secret: CLIENT_SECRET,
    namespace,
    names,
    use: "client",
    area,
    origin,
  }));
}

export function upstreamAnnotations(route: PlannedRoute): Readonly<Record<string, string>> {
  if (route.traffic?.upstream === undefined) return {};
  return {
    "backend-protocol": "HTTPS",
    "proxy-ssl-secret": `${route.namespace}/${CLIENT_SECRET}`,
    "proxy-ssl-verify": "on",
    "proxy-ssl-name": upstreamName(route),
    "proxy-ssl-server-name": "on",
  };
}
