// Gateway, HTTPRoutes and the redirect to HTTPS, the same for every implementation of the Gateway API.
// Source: gateway-api v1.5/v1.6 apis/v1, standard channel.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedRoute } from "../../../model/index.ts";
import { systemLabels, TENANCY_LABEL, type Fields } from "../../manifests/index.ts";

const API_VERSION = "gateway.networking.k8s.io/v1";

export const HTTP_PORT = 80;
export const HTTPS_PORT = 443;

export interface GatewayPlan {
  readonly platform: string;
  /** Component name, for labels. */
  readonly component: string;
  readonly name: string;
  readonly namespace: string;
  readonly gatewayClassName: string;
  /** Secret with the certificate; absent: plain HTTP only. */
  readonly tlsSecret?: string;
  /** Whether the implementation reads a rule's `timeouts`; others have policies of their own. */
  readonly readsTimeouts?: boolean;
  /** Secret with what it shows to backends that ask; absent: nothing. */
  readonly clientSecret?: string;
  /** Reference to the implementation's own parameters. */
  readonly parametersRef?: Fields;
}

export function gateway(plan: GatewayPlan): KubernetesObject {
  const { platform, component, name, namespace, gatewayClassName, tlsSecret } = plan;
  return {
    apiVersion: API_VERSION,
    kind: "Gateway",
    metadata: { name, namespace, labels: systemLabels(platform, component, "gateway") },
    spec: {
      gatewayClassName,
      ...(plan.parametersRef === undefined
        ? {}
        : { infrastructure: { parametersRef: plan.parametersRef } }),
      ...(plan.clientSecret === undefined
        ? {}
        : { tls: { backend: { clientCertificateRef: { name: plan.clientSecret } } } }),
      listeners:
        tlsSecret === undefined ? [httpListener(PLATFORM_ROUTES)] : tlsListeners(tlsSecret),
    },
  };
}

/** Routes of every namespace the platform owns, and of no other. */
const PLATFORM_ROUTES: Fields = {
  namespaces: {
    from: "Selector",
    selector: {
      matchExpressions: [{ key: TENANCY_LABEL, operator: "In", values: ["app", "platform"] }],
    },
  },
};

function httpListener(allowedRoutes: Fields): Fields {
  return { name: "http", protocol: "HTTP", port: HTTP_PORT, allowedRoutes };
}

function tlsListeners(secret: string): Fields[] {
  return [
    // Only the redirect beside the Gateway may answer here.
    httpListener({ namespaces: { from: "Same" } }),
    {
      name: "https",
      protocol: "HTTPS",
      port: HTTPS_PORT,
      tls: { mode: "Terminate", certificateRefs: [{ name: secret }] },
      allowedRoutes: PLATFORM_ROUTES,
    },
  ];
}

/** `301` to the same host and path, for everything that arrives on port 80. */
export function httpsRedirect(plan: GatewayPlan): KubernetesObject {
  const { platform, component, name, namespace } = plan;
  return {
    apiVersion: API_VERSION,
    kind: "HTTPRoute",
    metadata: {
      name: "redirect-to-https",
      namespace,
      labels: systemLabels(platform, component, "redirect"),
    },
    spec: {
      parentRefs: [{ name, sectionName: "http" }],
      rules: [
        {
          filters: [
            { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
          ],
        },
      ],
    },
  };
}

/** In the backend's namespace, so that no ReferenceGrant is needed. */
export function httpRoute(plan: GatewayPlan, route: PlannedRoute): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: "HTTPRoute",
    metadata: {
      name: route.name,
      namespace: route.namespace,
      labels: systemLabels(plan.platform, route.name, "route"),
    },
    spec: {
      parentRefs: [
        {
          name: plan.name,
          namespace: plan.namespace,
          sectionName: plan.tlsSecret === undefined ? "http" : "https",
        },
      ],
      hostnames: [route.hostname],
      rules: [...redirectRules(route), backendRule(plan, route)],
    },
  };
}

/** A candidate begins without a share; from then on the weights belong to who releases. */
function backends({ service, candidate, servicePort: port }: PlannedRoute): Fields[] {
  if (candidate === undefined) return [{ name: service, port }];
  return [
    { name: service, port, weight: 100 },
    { name: candidate, port, weight: 0 },
  ];
}

function backendRule({ readsTimeouts = false }: GatewayPlan, route: PlannedRoute): Fields {
  const { headers = {}, timeoutMs } = route.traffic ?? {};
  const wanted = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return {
    matches: route.paths.map((value) => ({
      path: { type: "PathPrefix", value },
      ...(wanted.length === 0 ? {} : { headers: wanted }),
    })),
    backendRefs: backends(route),
    ...(readsTimeouts && timeoutMs !== undefined
      ? { timeouts: { request: formatGatewayDuration(timeoutMs) } }
      : {}),
  };
}

/** Exact paths, which win over any prefix. */
function redirectRules({ traffic }: PlannedRoute): Fields[] {
  return Object.entries(traffic?.redirects ?? {}).map(([from, to]) => ({
    matches: [{ path: { type: "Exact", value: from } }],
    filters: [
      { type: "RequestRedirect", requestRedirect: { ...redirectTarget(to), statusCode: 301 } },
    ],
  }));
}

function redirectTarget(to: string): Fields {
  if (to.startsWith("/")) return { path: { type: "ReplaceFullPath", replaceFullPath: to } };
  const { protocol, hostname, port, pathname } = new URL(to);
  return {
    scheme: protocol.slice(0, -1),
    hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    path: { type: "ReplaceFullPath", replaceFullPath: pathname },
  };
}

/** GEP-2257: at most five digits of one unit. */
export function formatGatewayDuration(durationMs: number): string {
  const wholeSeconds = durationMs % 1000 === 0;
  if (!wholeSeconds && durationMs < 100_000) return `${durationMs}ms`;
  const seconds = Math.ceil(durationMs / 1000);
  return seconds < 100_000 ? `${seconds}s` : `${Math.ceil(seconds / 3600)}h`;
}

/** A policy of the implementation's own on one route, beside it. */
export function routePolicy(
  plan: GatewayPlan,
  route: PlannedRoute,
  policy: { readonly apiVersion: string; readonly kind: string; readonly spec: Fields },
): KubernetesObject {
  const target = { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: route.name };
  return {
    apiVersion: policy.apiVersion,
    kind: policy.kind,
    metadata: {
      name: route.name,
      namespace: route.namespace,
      labels: systemLabels(plan.platform, route.name, "route"),
    },
    spec: { targetRefs: [target], ...policy.spec },
  };
}

/** Printed above the Gateway. */
export function gatewayComment({ tlsSecret }: Pick<GatewayPlan, "tlsSecret">): string {
  return tlsSecret === undefined
    ? "plain HTTP: nobody has a certificate for names of a developer's machine"
    : `HTTPS with the certificate in secret ${tlsSecret}; port 80 only redirects`;
}
