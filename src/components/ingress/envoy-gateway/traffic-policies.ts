// What routes ask for beyond the Gateway API, as policies beside each route. Mirrors gateway.envoyproxy.io/v1alpha1
// BackendTrafficPolicy and SecurityPolicy, v1.9.0.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedRoute, RouteTraffic } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { routePolicy, type GatewayPlan } from "../gateway-api/objects.ts";
import { ENVOY_API } from "./envoy-proxy.ts";

export function trafficPolicies(plan: GatewayPlan, route: PlannedRoute): KubernetesObject[] {
  const { traffic = {} } = route;
  const backend = backendTraffic(traffic);
  return [
    ...(Object.keys(backend).length === 0
      ? []
      : [
          routePolicy(plan, route, {
            apiVersion: ENVOY_API,
            kind: "BackendTrafficPolicy",
            spec: backend,
          }),
        ]),
    ...(traffic.allowFrom === undefined
      ? []
      : [
          routePolicy(plan, route, {
            apiVersion: ENVOY_API,
            kind: "SecurityPolicy",
            spec: { authorization: onlyFrom(traffic.allowFrom) },
          }),
        ]),
  ];
}

function backendTraffic({ rateLimit, retries, bodySizeMax }: RouteTraffic): Fields {
  return {
    ...(rateLimit === undefined ? {} : { rateLimit: localLimit(rateLimit) }),
    ...(retries === undefined
      ? {}
      : {
          retry: {
            numRetries: retries.max,
            retryOn: {
              triggers: ["connect-failure", "refused-stream", "retriable-status-codes"],
              httpStatusCodes: retries.on,
            },
          },
        }),
    // Buffers the whole body before it passes it on; smaller limits cost less memory.
    ...(bodySizeMax === undefined ? {} : { requestBuffer: { limit: String(bodySizeMax) } }),
  };
}

/** Counted by each proxy alone; counting together would need a Redis and the rate limit service. */
function localLimit({ requests, per }: NonNullable<RouteTraffic["rateLimit"]>): Fields {
  return {
    local: {
      rules: [
        {
          // Every address of the world has a bucket of its own.
          clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
          limit: { requests, unit: per === "second" ? "Second" : "Minute" },
        },
      ],
    },
  };
}

function onlyFrom(ranges: readonly string[]): Fields {
  return {
    defaultAction: "Deny",
    rules: [{ name: "allowed-sources", action: "Allow", principal: { clientCIDRs: ranges } }],
  };
}
