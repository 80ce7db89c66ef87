// What Keycloak looks like from outside. Ports and paths: keycloak 26.7 docs/guides/{server/management-interface,server/caching,
// server/health,observability/configuration-metrics}.adoc.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  Offer,
  PlannedCluster,
  PlannedDatabase,
  PlannedRoute,
  ResolveContext,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import {
  ADMIN_SECRET,
  AREA,
  CLUSTER_PORT,
  FAILURE_PORT,
  HTTP_PORT,
  issuerOf,
  MANAGEMENT_PORT,
  NAME,
  NAMESPACE,
} from "./names.ts";
import type { KeycloakOptions } from "./options.ts";

/** Its sizing guide: 1.25 GB for a pod and its caches, CPU by logins. */
const RESOURCES = {
  requests: { cpu: "250m", memory: "1250Mi" },
  limits: { cpu: "2", memory: "2Gi" },
} as const;

export function keycloakRoutes(
  { cluster, path }: ResolveContext,
  { host }: KeycloakOptions,
): PlannedRoute[] {
  if (!cluster.primary) return [];
  return [
    {
      name: NAME,
      namespace: NAMESPACE,
      hostname: `${host}.${cluster.domain}`,
      // The administration console stays inside: kubectl port-forward reaches it.
      paths: ["/realms", "/resources"],
      service: NAME,
      servicePort: HTTP_PORT,
      workload: NAME,
      targetPort: HTTP_PORT,
      area: AREA,
      origin: path,
    },
  ];
}

/** People's browsers and the platform's systems reach it under the same name, which its tokens carry. */
export function keycloakOffers({ cluster }: ResolveContext, options: KeycloakOptions): Offer[] {
  const url = issuerOf(cluster, options);
  const { hostname } = new URL(url);
  return [
    {
      capability: "signIn",
      form: "openid-connect",
      component: NAME,
      url,
      endpoint: { kind: "external", name: hostname, addresses: [] },
      port: 443,
    },
  ];
}

export function keycloakSurface(
  { cluster, path }: SurfaceContext,
  options: KeycloakOptions,
): Surface {
  const database = databaseOf(cluster, options);
  if (!cluster.primary || database === undefined) return {};
  const { binding } = database;
  return {
    workloads: [keycloakWorkload(cluster, path, options)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      {
        name: "keycloak-to-database",
        from: { kind: "workload", namespace: NAMESPACE, name: NAME },
        to: binding.endpoint,
        port: binding.port,
        protocol: "TCP",
        purpose: "data",
        application: binding.application,
        encryption: binding.encryption,
        origin: path,
      },
      ...memberFlows(options, path),
    ],
    secrets: [
      {
        id: "identity.admin",
        name: ADMIN_SECRET,
        type: "Opaque",
        namespaces: [NAMESPACE],
        keys: [
          { key: "username", source: "fixed", value: "admin" },
          { key: "password", source: "generated", length: 32 },
        ],
        area: AREA,
        origin: path,
      },
    ],
    secretCopies: binding.secrets.map((id) => ({ id, namespace: NAMESPACE })),
  };
}

/** Undefined only for a definition that was already refused. */
export function databaseOf(
  { databases }: Pick<PlannedCluster, "databases">,
  { database }: KeycloakOptions,
): PlannedDatabase | undefined {
  return databases.find(({ name }) => name === database);
}

export function keycloakWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
  { replicas = 1 }: KeycloakOptions,
): Workload {
  return systemWorkload({
    kind: "StatefulSet",
    name: NAME,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/instance": NAME },
    replicas,
    ports: {
      http: HTTP_PORT,
      management: MANAGEMENT_PORT,
      jgroups: CLUSTER_PORT,
      "jgroups-fd": FAILURE_PORT,
    },
    services: [
      {
        name: NAME,
        type: "ClusterIP",
        ports: [{ name: "http", port: HTTP_PORT, targetPort: HTTP_PORT }],
      },
      {
        name: `${NAME}-members`,
        type: "Headless",
        ports: [{ name: "jgroups", port: CLUSTER_PORT, targetPort: CLUSTER_PORT }],
      },
    ],
    containers: [{ name: NAME, image: versions.image("keycloak"), ...RESOURCES }],
    metrics: { port: MANAGEMENT_PORT, path: "/metrics" },
    component: NAME,
    origin,
  });
}

/** Members find each other in the database and then speak directly, with certificates they make themselves. */
function memberFlows({ replicas = 1 }: KeycloakOptions, origin: Path): Flow[] {
  if (replicas === 1) return [];
  const end = { kind: "workload", namespace: NAMESPACE, name: NAME } as const;
  return [CLUSTER_PORT, FAILURE_PORT].map((port) => ({
    name: `keycloak-members-${port}`,
    from: end,
    to: end,
    port,
    protocol: "TCP",
    purpose: "internal",
    application: "jgroups",
    encryption: port === CLUSTER_PORT ? "mtls" : "none",
    origin,
  }));
}
