// Envoy Gateway: one Gateway for the whole cluster, one HTTPRoute for every name from outside, and its own policies beside
// the routes that ask for more.

import { defineSlotFiller } from "../../../model/index.ts";
import type { ChartRelease, EmitContext, Emission, EmittedObject } from "../../../model/index.ts";
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
import { backendTlsPolicies, clientPeer } from "../upstream-tls.ts";
import { clientTrafficPolicy, envoyProxy, gatewayClass } from "./envoy-proxy.ts";
import { envoyGatewaySchema, type EnvoyGatewayOptions } from "./options.ts";
import {
  AREA,
  CHART,
  COMPONENT,
  DATA_PLANE,
  envoyGatewaySurface,
  GATEWAY,
  GATEWAY_CLASS,
  NAMESPACE,
  podPortOf,
  RELEASE,
} from "./surface.ts";
import { trafficPolicies } from "./traffic-policies.ts";
import { envoyGatewayValues } from "./values.ts";

export const envoyGatewayFiller = defineSlotFiller<EnvoyGatewayOptions>({
  name: "envoy-gateway",
  slot: "ingress",
  area: AREA,
  provides: [
    "httpRoute",
    "trafficSplit",
    "routeHeaders",
    "routeRedirects",
    "routeRateLimit",
    "routeTimeout",
    "routeRetries",
    "routeBodySize",
    "routeSources",
    "routeUpstreamTls",
  ],
  splitsBy: "http-route",
  needs: ["loadBalancer", "gatewayApi"],
  options: envoyGatewaySchema,
  resolve: ({ cluster }, options) => ({
    ...options,
    tls: servesTls(cluster, options.tls),
  }),
  certificates: (context, { tls = true }) =>
    tls
      ? issuedCertificate(
          context,
          {
            by: { kind: "gateway", name: GATEWAY, listener: "http" },
            proxy: { kind: "workload", ...DATA_PLANE },
            port: podPortOf(HTTP_PORT),
          },
          AREA,
        )
      : [],
  peers: (context, _options, routes) => clientPeer(context, routes, { ...DATA_PLANE, area: AREA }),
  surface: envoyGatewaySurface,
  emit: emitEnvoyGateway,
  apiGroups: ["gateway.envoyproxy.io"],
  crds: async () => [(await import("./crds.facts.ts")).envoyGatewayCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function emitEnvoyGateway(
  context: EmitContext,
  { tls = true, clientAddress }: EnvoyGatewayOptions,
): Emission {
  const { cluster, path } = context;
  const plan = gatewayPlan(cluster.platform, tls);
  const emitted = emitterFor(AREA, path);
  return {
    charts: [definitions(context), release(context)],
    objects: [
      emitted(gatewayClass(cluster)),
      emitted(envoyProxy(cluster, tls)),
      emitted(gateway(plan), gatewayComment(plan)),
      emitted(clientTrafficPolicy(cluster, clientAddress)),
      ...(tls ? [emitted(httpsRedirect(plan))] : []),
      ...routes(context, plan),
    ],
  };
}

function gatewayPlan(platform: string, tls: boolean): GatewayPlan {
  return {
    platform,
    component: COMPONENT,
    name: GATEWAY,
    namespace: NAMESPACE,
    gatewayClassName: GATEWAY_CLASS,
    readsTimeouts: true,
    parametersRef: { group: "gateway.envoyproxy.io", kind: "EnvoyProxy", name: GATEWAY },
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

/** Envoy's own kinds; those of the Gateway API have an owner of their own. */
function definitions(context: EmitContext): ChartRelease {
  return chartRelease(context, {
    chart: "gateway-crds-helm",
    name: "envoy-gateway-crds",
    // Only cluster-scoped objects; a release still needs a home.
    namespace: "kube-system",
    area: AREA,
    values: { crds: { gatewayAPI: { enabled: false }, envoyGateway: { enabled: true } } },
  });
}

function release(context: EmitContext): ChartRelease {
  const values = envoyGatewayValues(context.cluster);
  return chartRelease(context, {
    chart: CHART,
    name: RELEASE,
    namespace: NAMESPACE,
    area: AREA,
    values,
  });
}
