// TLS from the ingress to the pods: who shows what to whom. The app's own Secret holds the authority that signed both sides, so
// nothing else has to be copied between namespaces.

import type { Area, PeerDemand, PlannedRoute, ResolveContext } from "../../model/index.ts";
import { serverSecret, upstreamName } from "../../model/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { systemLabels } from "../manifests/index.ts";

/** What a data plane shows to every backend. */
export const CLIENT_SECRET = "ingress-client";

export const asksForClient = (routes: readonly PlannedRoute[]): boolean =>
  routes.some(({ traffic }) => traffic?.upstream === "mtls");

export function clientPeer(
  { path }: ResolveContext,
  routes: readonly PlannedRoute[],
  place: { readonly namespace: string; readonly name: string; readonly area: Area },
): PeerDemand[] {
  if (!asksForClient(routes)) return [];
  const { namespace, name, area } = place;
  const names = [`${name}.${namespace}.svc`];
  return [{ secret: CLIENT_SECRET, namespace, names, use: "client", area, origin: path }];
}

/** One for every workload, whose Services share it. gateway.networking.k8s.io/v1 BackendTLSPolicy, standard channel. */
export function backendTlsPolicies(
  platform: string,
  routes: readonly PlannedRoute[],
): { readonly object: KubernetesObject; readonly route: PlannedRoute }[] {
  const done = new Set<string>();
  return routes.flatMap((route) => {
    const key = `${route.namespace}/${route.workload}`;
    if (route.traffic?.upstream === undefined || done.has(key)) return [];
    done.add(key);
    return [{ object: backendTlsPolicy(platform, route, servicesOf(route, routes)), route }];
  });
}

function servicesOf(of: PlannedRoute, routes: readonly PlannedRoute[]): string[] {
  const same = routes.filter(
    ({ namespace, workload }) => namespace === of.namespace && workload === of.workload,
  );
  const names = same.flatMap(({ service, candidate }) => [service, candidate ?? service]);
  return [...new Set(names)].toSorted();
}

function backendTlsPolicy(
  platform: string,
  route: PlannedRoute,
  services: readonly string[],
): KubernetesObject {
  const { workload, namespace } = route;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "BackendTLSPolicy",
    metadata: { name: workload, namespace, labels: systemLabels(platform, workload, "route") },
    spec: {
      targetRefs: services.map((name) => ({ group: "", kind: "Service", name })),
      validation: {
        hostname: upstreamName(route),
        // Envoy Gateway and NGINX Gateway Fabric read `ca.crt` of a Secret; the API itself promises ConfigMaps only.
        caCertificateRefs: [{ group: "", kind: "Secret", name: serverSecret(workload) }],
      },
    },
  };
}
