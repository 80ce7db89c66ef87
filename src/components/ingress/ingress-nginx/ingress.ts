// An Ingress for every name from outside, beside its backend, and one for every redirect of it: annotations hold for a whole
// object. Names as in docs/user-guide/nginx-configuration/annotations.md of controller-v1.15.1.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedRoute, RouteTraffic } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import { upstreamAnnotations } from "./upstream.ts";

type Annotations = Readonly<Record<string, string>>;

export function ingressesOf(
  platform: string,
  route: PlannedRoute,
  tls: boolean,
): KubernetesObject[] {
  const { traffic = {}, paths, name } = route;
  const main = ingressOf(platform, route, tls, {
    name,
    paths,
    pathType: "Prefix",
    annotations: { ...annotationsOf(traffic), ...upstreamAnnotations(route) },
  });
  const redirects = Object.entries(traffic.redirects ?? {}).map(([from, to], index) =>
    ingressOf(platform, route, tls, {
      name: `${name}-redirect-${index + 1}`,
      paths: [from],
      pathType: "Exact",
      annotations: { "permanent-redirect": absolute(to, route.hostname, tls) },
    }),
  );
  return [main, ...redirects];
}

interface Written {
  readonly name: string;
  readonly paths: readonly string[];
  readonly pathType: "Exact" | "Prefix";
  /** Without the prefix they all have. */
  readonly annotations: Annotations;
}

function ingressOf(
  platform: string,
  route: PlannedRoute,
  tls: boolean,
  { name, paths, pathType, annotations }: Written,
): KubernetesObject {
  const backend = { service: { name: route.service, port: { number: route.servicePort } } };
  const written = Object.entries(annotations).map(
    ([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value] as const,
  );
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace: route.namespace,
      labels: systemLabels(platform, route.name, "route"),
      ...(written.length === 0 ? {} : { annotations: Object.fromEntries(written) }),
    },
    spec: {
      ingressClassName: "nginx",
      // Without a secret of its own a host gets the controller's default certificate, and HTTP is redirected to it.
      ...(tls ? { tls: [{ hosts: [route.hostname] }] } : {}),
      rules: [
        {
          host: route.hostname,
          http: { paths: paths.map((path) => ({ path, pathType, backend })) },
        },
      ],
    },
  };
}

function annotationsOf({
  rateLimit,
  timeoutMs,
  retries,
  bodySizeMax,
  allowFrom,
}: RouteTraffic): Annotations {
  return {
    ...(rateLimit === undefined ? {} : limitOf(rateLimit)),
    ...(timeoutMs === undefined
      ? {}
      : { "proxy-read-timeout": String(Math.max(1, Math.ceil(timeoutMs / 1000))) }),
    ...(retries === undefined
      ? {}
      : {
          "proxy-next-upstream": ["error", ...retries.on.map((status) => `http_${status}`)].join(
            " ",
          ),
          "proxy-next-upstream-tries": String(1 + retries.max),
        }),
    ...(bodySizeMax === undefined ? {} : { "proxy-body-size": String(bodySizeMax) }),
    ...(allowFrom === undefined ? {} : { "whitelist-source-range": allowFrom.join(",") }),
  };
}

/** The burst is a multiple of the rate, and one request above it passes too: so many at once means one less of both. */
function limitOf({ requests, per }: NonNullable<RouteTraffic["rateLimit"]>): Annotations {
  return {
    [per === "second" ? "limit-rps" : "limit-rpm"]: String(requests - 1),
    "limit-burst-multiplier": "1",
  };
}

function absolute(to: string, hostname: string, tls: boolean): string {
  return to.startsWith("/") ? `${tls ? "https" : "http"}://${hostname}${to}` : to;
}
