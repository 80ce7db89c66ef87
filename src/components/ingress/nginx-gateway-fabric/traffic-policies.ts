// What routes ask for beyond the Gateway API, as policies beside each route. Mirrors nginx/nginx-gateway-fabric v2.6.7
// apis/v1alpha1; it has no policy for retries or for the addresses of clients.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedRoute, RouteTraffic } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { routePolicy, type GatewayPlan } from "../gateway-api/objects.ts";

const API_VERSION = "gateway.nginx.org/v1alpha1";

export function trafficPolicies(plan: GatewayPlan, route: PlannedRoute): KubernetesObject[] {
  const { rateLimit, bodySizeMax, timeoutMs } = route.traffic ?? {};
  const policy = (kind: string, spec: Fields): KubernetesObject =>
    routePolicy(plan, route, { apiVersion: API_VERSION, kind, spec });
  return [
    ...(rateLimit === undefined ? [] : [policy("RateLimitPolicy", limitOf(rateLimit))]),
    ...(timeoutMs === undefined
      ? []
      : [policy("ProxySettingsPolicy", { timeout: { read: fourDigits(timeoutMs, DURATIONS) } })]),
    ...(bodySizeMax === undefined ? [] : [bodyPolicy(policy, bodySizeMax, route)]),
  ];
}

const SIZES = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const DURATIONS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Its sizes and durations have at most four digits and one unit: exact where that is possible, else rounded up. */
function fourDigits(value: number, units: Readonly<Record<string, number>>): string {
  const fitting = Object.entries(units).filter(([, size]) => Math.ceil(value / size) <= 9999);
  const exact = fitting.toReversed().find(([, size]) => value % size === 0);
  const [unit, size] = exact ?? fitting[0] ?? ["", 1];
  return `${Math.ceil(value / size)}${unit}`;
}

/** The first request of a client is never above the rate, so the burst is one less than what passes at once. */
function limitOf({ requests, per }: NonNullable<RouteTraffic["rateLimit"]>): Fields {
  const rule = {
    rate: `${requests}r/${per === "second" ? "s" : "m"}`,
    key: "$binary_remote_addr",
    burst: requests - 1,
    noDelay: true,
  };
  return { rateLimit: { local: { rules: [rule] }, rejectCode: 429 } };
}

/** The only one of the policies that names one target. */
function bodyPolicy(
  policy: (kind: string, spec: Fields) => KubernetesObject,
  bodySizeMax: number,
  route: PlannedRoute,
): KubernetesObject {
  const object = policy("ClientSettingsPolicy", {});
  const targetRef = {
    group: "gateway.networking.k8s.io",
    kind: "HTTPRoute",
    name: route.name,
  };
  return { ...object, spec: { targetRef, body: { maxSize: fourDigits(bodySizeMax, SIZES) } } };
}
