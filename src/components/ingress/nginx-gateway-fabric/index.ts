// NGINX Gateway Fabric: one Gateway for the whole cluster, one HTTPRoute for every name from outside.

import { defineSlotFiller } from "../../../model/index.ts";
import type {
  ChartRelease,
  EmitContext,
  Emission,
  EmittedObject,
  ResolveContext,
} from "../../../model/index.ts";
import { chartRelease, emitterFor } from "../../manifests/index.ts";
import {
  gateway,
  HTTP_PORT,
  httpRoute,
  httpsRedirect,
  type GatewayPlan,
  gatewayComment,
} from "../gateway-api/objects.ts";
import { CERTIFICATE_SECRET, issuedCertificate, servesTls } from "../gateway-certificate.ts";
import { asksForClient, backendTlsPolicies, CLIENT_SECRET, clientPeer } from "../upstream-tls.ts";
import { dataPlaneBudget } from "./disruption-budget.ts";
import { nginxGatewayFabricSchema, type NginxGatewayFabricOptions } from "./options.ts";
import {
  AREA,
  CHART,
  DATA_PLANE,
  GATEWAY,
  GATEWAY_CLASS,
  NAMESPACE,
  nginxGatewayFabricSurface,
  RELEASE,
} from "./surface.ts";
import { trafficPolicies } from "./traffic-policies.ts";
import { nginxGatewayFabricValues } from "./values.ts";

export const nginxGatewayFabricFiller = defineSlotFiller<NginxGatewayFabricOptions>({
  name: "nginx-gateway-fabric",
  slot: "ingress",
  area: AREA,
  provides: [
    "httpRoute",
    "trafficSplit",
    "routeHeaders",
    "routeRedirects",
    "routeRateLimit",
    "routeTimeout",
    "routeBodySize",
    "routeUpstreamTls",
  ],
  splitsBy: "http-route",
  needs: ["loadBalancer", "gatewayApi"],
  options: nginxGatewayFabricSchema,
  resolve: settleTls,
  certificates: (context, { tls = true }) =>
    tls
      ? issuedCertificate(
          context,
          {
            by: { kind: "gateway", name: GATEWAY, listener: "http" },
            proxy: { kind: "workload", ...DATA_PLANE },
            port: HTTP_PORT,
          },
          AREA,
        )
      : [],
  peers: (context, _options, routes) => clientPeer(context, routes, { ...DATA_PLANE, area: AREA }),
  surface: nginxGatewayFabricSurface,
  emit: emitNginxGatewayFabric,
  apiGroups: ["gateway.nginx.org"],
  crds: async () => [(await import("./crds.facts.ts")).nginxGatewayFabricCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function settleTls(
  { cluster }: ResolveContext,
  options: NginxGatewayFabricOptions,
): NginxGatewayFabricOptions {
  return { tls: servesTls(cluster, options.tls) };
}

function emitNginxGatewayFabric(
  context: EmitContext,
  { tls = true }: NginxGatewayFabricOptions,
): Emission {
  const { cluster, path } = context;
  const plan = gatewayPlan(cluster, tls);
  const emitted = emitterFor(AREA, path);
  const budget = dataPlaneBudget(cluster);
  return {
    charts: [release(context, tls)],
    objects: [
      emitted(gateway(plan), gatewayComment(plan)),
      ...(tls ? [emitted(httpsRedirect(plan))] : []),
      ...(budget === undefined ? [] : [emitted(budget)]),
      ...routes(context, plan),
    ],
  };
}

function gatewayPlan({ platform, routes }: EmitContext["cluster"], tls: boolean): GatewayPlan {
  return {
    platform,
    ...(asksForClient(routes) ? { clientSecret: CLIENT_SECRET } : {}),
    component: CHART,
    name: GATEWAY,
    namespace: NAMESPACE,
    gatewayClassName: GATEWAY_CLASS,
    ...(tls ? { tlsSecret: CERTIFICATE_SECRET } : {}),
  };
}

/** Beside what they lead to: an app's route is part of the app. */
function routes({ cluster }: EmitContext, plan: GatewayPlan): EmittedObject[] {
  const own = cluster.routes.flatMap((route) =>
    [httpRoute(plan, route), ...trafficPolicies(plan, route)].map((object) => ({ object, route })),
  );
  return [...own, ...backendTlsPolicies(cluster.platform, cluster.routes)].map(
    ({ object, route }) => emitterFor(route.area, route.origin)(object),
  );
}

function release(context: EmitContext, tls: boolean): ChartRelease {
  const values = nginxGatewayFabricValues(context.cluster, tls);
  return chartRelease(context, {
    chart: CHART,
    name: RELEASE,
    namespace: NAMESPACE,
    area: AREA,
    values,
  });
}
