// The registry as others see it, and its credentials. Source: distribution/distribution v3.1.1 Dockerfile and
// docs/content/about/configuration.md.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  PlannedCluster,
  PlannedExposure,
  SecretDemand,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { nodePortsOf } from "../../substrates/node-ports.ts";
import { pullsFrom, registryHosts } from "./hosts.ts";
import type { DistributionOptions } from "./options.ts";

export const NAMESPACE = "registry";
export const NAME = "registry";
export const REGISTRY_PORT = 5000;
/** Debug server: health and metrics. */
export const DEBUG_PORT = 5001;
export const AREA = "infrastructure/registry";
export const CREDENTIALS = "registry-credentials";

export const NODE_SERVICE = "registry-nodes";

const USER = "platform";
const PASSWORD_LENGTH = 32;

export function distributionSurface(
  { cluster, path }: SurfaceContext,
  options: DistributionOptions,
): Surface {
  if (!cluster.primary) return {};
  return {
    workloads: [registryWorkload(cluster, path, options)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: nodePortsOf(cluster.network) === undefined ? [] : [pullsByNodes(path)],
    ...(nodePortsOf(cluster.network) === undefined
      ? {}
      : { exposures: [openToNodes(cluster, path)] }),
    secrets: [credentials(cluster, path)],
  };
}

export function registryWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
  { resources }: DistributionOptions,
): Workload {
  return {
    kind: "Deployment",
    name: NAME,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": "distribution", "app.kubernetes.io/component": "registry" },
    serviceAccount: NAME,
    replicas: 1,
    ports: [
      { name: "http", port: REGISTRY_PORT, protocol: "TCP" },
      { name: "debug", port: DEBUG_PORT, protocol: "TCP" },
    ],
    services: [
      {
        name: NAME,
        type: "ClusterIP",
        ports: [{ name: "http", port: REGISTRY_PORT, targetPort: REGISTRY_PORT }],
      },
    ],
    containers: [{ name: "registry", image: versions.image("distribution"), ...resources }],
    usesApi: false,
    metrics: { port: DEBUG_PORT, path: "/metrics" },
    component: "distribution",
    origin,
  };
}

/** Where nodes pull through a NodePort, they speak for themselves. */
function pullsByNodes(origin: Path): Flow {
  return {
    name: "nodes-to-registry",
    from: { kind: "nodes" },
    to: { kind: "workload", namespace: NAMESPACE, name: NAME },
    port: REGISTRY_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "http",
    encryption: "none",
    origin,
  };
}

/** The NodePort that nodes pull through: they cannot resolve the names of Services. */
function openToNodes({ network }: Pick<PlannedCluster, "network">, origin: Path): PlannedExposure {
  return {
    name: "registry-nodes",
    opens: { kind: "service", namespace: NAMESPACE, name: NODE_SERVICE },
    ports: [REGISTRY_PORT],
    reason: "nodes pull images, and resolve no names of Services",
    allowFrom: [network.nodeRange],
    limit: "the nodes of the cluster, with the registry's credentials",
    origin,
  };
}

/** One secret: the registry reads its `htpasswd`, and apps that pull from it get a copy as their pull secret. */
function credentials(
  cluster: Pick<PlannedCluster, "apps" | "domain" | "network">,
  origin: Path,
): SecretDemand {
  const pulling = cluster.apps.filter((app) => pullsFrom(cluster, app));
  const auths = Object.fromEntries(
    registryHosts(cluster).map((host) => [host, { username: USER, password: "${password}" }]),
  );
  return {
    id: "registry.credentials",
    name: CREDENTIALS,
    type: "kubernetes.io/dockerconfigjson",
    namespaces: [...new Set([NAMESPACE, ...pulling.map(({ namespace }) => namespace)])].toSorted(),
    keys: [
      { key: "username", source: "fixed", value: USER },
      { key: "password", source: "generated", length: PASSWORD_LENGTH },
      { key: "htpasswd", source: "htpasswd", user: USER, passwordKey: "password" },
      { key: ".dockerconfigjson", source: "template", template: JSON.stringify({ auths }) },
    ],
    area: AREA,
    origin,
  };
}
