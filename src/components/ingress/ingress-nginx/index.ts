// ingress-nginx, retired upstream: emitted for platforms that still run it, with a warning every time.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { issuedCertificate, servesTls } from "../gateway-certificate.ts";
import { clientsBesideRoutes } from "./upstream.ts";
import { ingressNginxRetired } from "./diagnostics.ts";
import { ingressesOf } from "./ingress.ts";
import { ingressNginxSchema, type IngressNginxOptions } from "./options.ts";
import { AREA, CHART, CONTROLLER, ingressNginxSurface, NAMESPACE, RELEASE } from "./surface.ts";
import { ingressNginxValues } from "./values.ts";

export const ingressNginxFiller = defineSlotFiller<IngressNginxOptions>({
  name: "ingress-nginx",
  slot: "ingress",
  area: AREA,
  provides: [
    "httpRoute",
    "trafficSplit",
    "routeRedirects",
    "routeRateLimit",
    "routeTimeout",
    "routeRetries",
    "routeBodySize",
    "routeSources",
    "routeUpstreamTls",
  ],
  splitsBy: "canary-ingress",
  needs: ["loadBalancer"],
  options: ingressNginxSchema,
  notice: (path) => ingressNginxRetired(path, {}),
  resolve: ({ cluster }, { tls }) => ({ tls: servesTls(cluster, tls) }),
  certificates: (context, { tls = true }) =>
    tls
      ? issuedCertificate(
          context,
          {
            by: { kind: "ingress-class", name: "nginx" },
            proxy: { kind: "workload", ...CONTROLLER },
            port: 80,
          },
          AREA,
        )
      : [],
  peers: ({ path }, _options, routes) => clientsBesideRoutes(routes, path),
  surface: ingressNginxSurface,
  emit: emitIngressNginx,
  behaviour: async () => (await import("./behaviour/index.ts")).behaviour,
});

function emitIngressNginx(
  { cluster, path }: EmitContext,
  { tls = true }: IngressNginxOptions,
): Emission {
  const { repository, chart, version } = cluster.versions.chart(CHART);
  return {
    charts: [
      {
        name: RELEASE,
        namespace: NAMESPACE,
        area: AREA,
        repository,
        chart,
        version,
        values: ingressNginxValues(cluster, tls),
        path,
      },
    ],
    objects: cluster.routes.flatMap((route) =>
      ingressesOf(cluster.platform, route, tls).map((object) =>
        emitterFor(route.area, route.origin)(object),
      ),
    ),
  };
}
