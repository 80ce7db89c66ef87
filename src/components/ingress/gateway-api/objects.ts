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
}

export function gateway(plan: GatewayPlan): KubernetesObject {
  const { platform, component, name, namespace, gatewayClassName, tlsSecret } = plan;
  return {
    apiVersion: API_VERSION,
    kind: "Gateway",
    metadata: { name, namespace, labels: systemLabels(platform, component, "gateway") },
    spec: {
      gatewayClassName,
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
      rules: [
        {
          matches: route.paths.map((value) => ({ path: { type: "PathPrefix", value } })),
          backendRefs: backends(route),
        },
      ],
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
