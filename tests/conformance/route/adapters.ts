// What a route intent is for each ingress adapter: HTTPRoutes and policies, or Ingresses and annotations.

import { behaviour as ingressNginx } from "../../../src/components/ingress/ingress-nginx/behaviour/index.ts";
import { gatewayApiCrdFacts } from "../../../src/components/ingress/gateway-api/crds.facts.ts";
import { behaviour as envoyGateway } from "../../../src/components/ingress/envoy-gateway/behaviour.ts";
import { envoyGatewayCrdFacts } from "../../../src/components/ingress/envoy-gateway/crds.facts.ts";
import { nginxGatewayFabricCrdFacts } from "../../../src/components/ingress/nginx-gateway-fabric/crds.facts.ts";
import { behaviour as istioGatewayBehaviour } from "../../../src/components/ingress/istio-gateway/behaviour.ts";
import { behaviour as nginxGatewayFabric } from "../../../src/components/ingress/nginx-gateway-fabric/behaviour.ts";
import { crdObjects, type KubernetesObject } from "../../../src/kubernetes/index.ts";
import type { RouteAdapter, RouteIntent, RouteIntentRule } from "./route-platform.ts";

const GATEWAY_API = "gateway.networking.k8s.io/v1";
const namespaces = (...names: string[]): KubernetesObject[] =>
  names.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));

function gatewayObjects(controllerName: string): KubernetesObject[] {
  return [
    ...crdObjects(gatewayApiCrdFacts),
    ...namespaces("edge", "shop"),
    {
      apiVersion: GATEWAY_API,
      kind: "GatewayClass",
      metadata: { name: "platform" },
      spec: { controllerName },
    },
    {
      apiVersion: GATEWAY_API,
      kind: "Gateway",
      metadata: { name: "platform", namespace: "edge" },
      spec: {
        gatewayClassName: "platform",
        listeners: [
          {
            name: "http",
            port: 80,
            protocol: "HTTP",
            allowedRoutes: { namespaces: { from: "All" } },
          },
          {
            name: "https",
            port: 443,
            protocol: "HTTPS",
            tls: { certificateRefs: [{ name: "platform-tls" }] },
            allowedRoutes: { namespaces: { from: "All" } },
          },
        ],
      },
    },
  ];
}

type LimitPolicy = (name: string, limit: NonNullable<RouteIntentRule["limit"]>) => KubernetesObject;

const gatewayRoutes =
  (limitPolicy?: LimitPolicy): RouteAdapter["objects"] =>
  ({ name, host, rules, tls }) => [
    httpRoute(name, host, rules.flatMap(gatewayRules), tls === true ? "https" : "http"),
    ...(tls === true ? [httpRoute(`${name}-redirect`, host, [REDIRECT], "http")] : []),
    ...rules.flatMap(({ limit }) =>
      limit === undefined || limitPolicy === undefined ? [] : [limitPolicy(name, limit)],
    ),
  ];

export const gatewayFabric: RouteAdapter = {
  name: "nginx-gateway-fabric",
  behaviour: nginxGatewayFabric,
  install: [
    ...crdObjects(nginxGatewayFabricCrdFacts),
    ...gatewayObjects("gateway.nginx.org/nginx-gateway-controller"),
  ],
  objects: gatewayRoutes(rateLimitPolicy),
};

/** Its buckets let pass at once what they give back in a minute. */
export const envoy: RouteAdapter = {
  name: "envoy-gateway",
  behaviour: envoyGateway,
  install: [
    ...crdObjects(envoyGatewayCrdFacts),
    ...gatewayObjects("gateway.envoyproxy.io/gatewayclass-controller"),
  ],
  objects: gatewayRoutes((name, { burst }) => ({
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "BackendTrafficPolicy",
    metadata: { name, namespace: "shop" },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name }],
      rateLimit: {
        local: {
          rules: [
            {
              clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
              limit: { requests: burst + 1, unit: "Minute" },
            },
          ],
        },
      },
    },
  })),
};

/** Envoy's local limit at a gateway is written by EnvoyFilter alone, which is no interface Istio keeps stable. */
export const istioGateway: RouteAdapter = {
  name: "istio-gateway",
  behaviour: istioGatewayBehaviour,
  install: gatewayObjects("istio.io/gateway-controller"),
  objects: gatewayRoutes(),
  cannot: { limit: "the Gateway API has no rate limit, and Istio adds none to it" },
};

const REDIRECT = {
  filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
};

function httpRoute(
  name: string,
  host: string,
  rules: readonly object[],
  sectionName: string,
): KubernetesObject {
  return {
    apiVersion: GATEWAY_API,
    kind: "HTTPRoute",
    metadata: { name, namespace: "shop" },
    spec: {
      parentRefs: [{ name: "platform", namespace: "edge", sectionName }],
      hostnames: [host],
      rules,
    },
  };
}

function gatewayRules(rule: RouteIntentRule): object[] {
  const { path: value, exact, backends, canaryHeader, stripPrefix, answerWithinMs } = rule;
  const path = { type: exact === true ? "Exact" : "PathPrefix", value };
  const refs = backends.map(({ service, weight }) => ({
    name: service,
    port: 80,
    ...(weight === undefined ? {} : { weight }),
  }));
  const common = {
    ...(stripPrefix === true
      ? {
          filters: [
            {
              type: "URLRewrite",
              urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } },
            },
          ],
        }
      : {}),
    ...(answerWithinMs === undefined ? {} : { timeouts: { request: `${answerWithinMs}ms` } }),
  };
  if (canaryHeader === undefined) return [{ ...common, matches: [{ path }], backendRefs: refs }];
  const headers = [canaryHeader];
  return [
    { ...common, matches: [{ path, headers }], backendRefs: refs.slice(1) },
    { ...common, matches: [{ path }], backendRefs: refs.slice(0, 1) },
  ];
}

function rateLimitPolicy(
  name: string,
  { perMinute, burst }: NonNullable<RouteIntentRule["limit"]>,
): KubernetesObject {
  const rate = `${perMinute}r/m`;
  const rule = { rate, key: "$binary_remote_addr", burst, noDelay: true };
  return {
    apiVersion: "gateway.nginx.org/v1alpha1",
    kind: "RateLimitPolicy",
    metadata: { name, namespace: "shop" },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name }],
      rateLimit: { local: { rules: [rule] }, rejectCode: 429 },
    },
  };
}

export const nginxIngress: RouteAdapter = {
  name: "ingress-nginx",
  behaviour: ingressNginx,
  install: [
    ...namespaces("shop"),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "nginx" },
      spec: { controller: "k8s.io/ingress-nginx" },
    },
  ],
  objects: (intent) =>
    intent.rules.flatMap((rule, index) => {
      const [first, second] = rule.backends;
      const main = ingressOf(
        intent,
        rule,
        `${intent.name}-${index}`,
        first?.service ?? "",
        annotationsOf(rule),
      );
      if (second === undefined) return [main];
      const { canaryHeader: header } = rule;
      const canary = {
        canary: "true",
        ...(header === undefined
          ? {
              "canary-weight": String(second.weight ?? 0),
              "canary-weight-total": String(totalOf(rule)),
            }
          : { "canary-by-header": header.name, "canary-by-header-value": header.value }),
      };
      return [
        main,
        ingressOf(intent, rule, `${intent.name}-${index}-canary`, second.service, canary),
      ];
    }),
};

const totalOf = ({ backends }: RouteIntentRule): number =>
  backends.reduce((sum, { weight = 1 }) => sum + weight, 0);

function annotationsOf({
  stripPrefix,
  answerWithinMs,
  limit,
}: RouteIntentRule): Record<string, string> {
  return {
    ...(stripPrefix === true ? { "rewrite-target": "/$2" } : {}),
    ...(answerWithinMs === undefined
      ? {}
      : { "proxy-read-timeout": String(answerWithinMs / 1000) }),
    ...(limit === undefined
      ? {}
      : {
          "limit-rpm": String(limit.perMinute),
          "limit-burst-multiplier": String(limit.burst / limit.perMinute),
        }),
  };
}

function ingressOf(
  { host, tls }: RouteIntent,
  { path, exact, stripPrefix }: RouteIntentRule,
  name: string,
  service: string,
  annotations: Readonly<Record<string, string>>,
): KubernetesObject {
  const written = stripPrefix === true ? `${path}(/|$)(.*)` : path;
  const pathType =
    stripPrefix === true ? "ImplementationSpecific" : exact === true ? "Exact" : "Prefix";
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace: "shop",
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [
          `nginx.ingress.kubernetes.io/${key}`,
          value,
        ]),
      ),
    },
    spec: {
      ingressClassName: "nginx",
      ...(tls === true ? { tls: [{ hosts: [host] }] } : {}),
      rules: [{ host, http: { paths: [{ path: written, pathType, backend }] } }],
    },
  };
}

export const ADAPTERS: readonly RouteAdapter[] = [gatewayFabric, envoy, istioGateway, nginxIngress];
