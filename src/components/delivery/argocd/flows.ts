// Who of Argo CD talks to whom. Source: argo-helm charts/argo-cd/templates/*/networkpolicy.yaml @af0a9310, which these
// replace, and argo-cd docs/operator-manual/architecture.md.

import type { Path } from "../../../core/index.ts";
import type { Endpoint, Flow, PeerCluster } from "../../../model/index.ts";
import type { ArgocdOptions } from "./options.ts";
import { gitEndpoint } from "../git-url.ts";

const NAMESPACE = "argocd";
const REPO_SERVER = part("argocd-repo-server");
const REDIS = part("argocd-redis");

export function argocdFlows(
  options: ArgocdOptions,
  peers: readonly PeerCluster[],
  origin: Path,
): Flow[] {
  const internal = { protocol: "TCP", purpose: "internal", origin } as const;
  const toRepoServer = ["server", "application-controller", "applicationset-controller"].map(
    (name): Flow => ({
      ...internal,
      name: `argocd-${name}-to-repo-server`,
      from: part(`argocd-${name}`),
      to: REPO_SERVER,
      port: 8081,
      application: "grpc",
      // The repo server signs its own certificate.
      encryption: "tls",
    }),
  );
  const toRedis = ["server", "application-controller", "repo-server"].map((name): Flow => ({
    ...internal,
    name: `argocd-${name}-to-redis`,
    from: part(`argocd-${name}`),
    to: REDIS,
    port: 6379,
    application: "redis",
    encryption: "none",
  }));
  return [...toRepoServer, ...toRedis, ...outward(options, origin), ...peers.flatMap(toPeer)];
}

/** The controller applies and watches there, the server shows logs and live objects; nothing else reaches further clusters. */
function toPeer({ name, apiServerPort, apiServerRanges, origin }: PeerCluster): Flow[] {
  return ["application-controller", "server"].map((from) => ({
    name: `argocd-${from}-to-${name}`,
    from: part(`argocd-${from}`),
    to: { kind: "external", name: `API server of ${name}`, addresses: apiServerRanges },
    port: apiServerPort,
    protocol: "TCP",
    purpose: "delivery",
    application: "https",
    encryption: "tls",
    origin,
  }));
}

function outward({ repository }: ArgocdOptions, origin: Path): Flow[] {
  const { host, port, application } = gitEndpoint(repository);
  const shared = {
    from: REPO_SERVER,
    protocol: "TCP",
    purpose: "delivery",
    encryption: "tls",
    origin,
  } as const;
  return [
    {
      ...shared,
      name: "argocd-repo-server-to-git",
      to: { kind: "external", name: host, addresses: [] },
      port,
      application,
    },
    {
      ...shared,
      name: "argocd-repo-server-to-chart-repositories",
      to: { kind: "external", name: "chart repositories", addresses: [] },
      port: 443,
      application: "https",
    },
  ];
}

function part(name: string): Endpoint {
  return { kind: "workload", namespace: NAMESPACE, name };
}
