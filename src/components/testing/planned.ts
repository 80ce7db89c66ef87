// Small planned values for the tests of single components. Whole plans are made from a definition by the real planner.

import { CHARTS, IMAGES } from "../../catalog/index.ts";
import type { Diagnostic } from "../../core/index.ts";
import type {
  PlannedApp,
  PlannedBucket,
  PlannedCache,
  PlannedCluster,
  PlannedDatabase,
  PlannedQueue,
  PlannedStream,
  ResolveContext,
  Unbound,
  Versions,
} from "../../model/index.ts";
import { catalogueFacts } from "../substrates/catalogue-facts.ts";

/** Exactly what the catalogue pins. */
export const versions: Versions = {
  chart(name) {
    const chart = CHARTS[name];
    if (chart === undefined) throw new Error(`no chart ${name} in the catalogue`);
    return chart;
  },
  image(name) {
    const image = IMAGES[name];
    if (image === undefined) throw new Error(`no image ${name} in the catalogue`);
    return `${image.repository}:${image.tag}`;
  },
  missing: () => [],
};

export function plannedCluster(more: Partial<PlannedCluster> = {}): PlannedCluster {
  return {
    target: "dev",
    name: "local",
    environment: "dev",
    layout: {},
    platform: "harbour",
    domain: "dev.example.com",
    scale: "single",
    primary: true,
    peers: [],
    labels: {},
    substrate: catalogueFacts("k3d"),
    site: { name: "laptop", kind: "developer-machine", origin: ["sites", "laptop"] },
    network: {
      podRange: "10.42.0.0/16",
      serviceRange: "10.43.0.0/16",
      nodeRange: "172.18.0.0/16",
    },
    nodes: [
      { name: "server", role: "control-plane", count: 1, cpu: "2", memory: "4Gi", zones: ["a"] },
      { name: "agent", role: "worker", count: 2, cpu: "2", memory: "4Gi", zones: ["a"] },
    ],
    slots: [],
    providers: [],
    apps: [],
    databases: [],
    queues: [],
    buckets: [],
    caches: [],
    streams: [],
    roles: [],
    namespaces: [],
    secrets: [],
    workloads: [],
    routes: [],
    flows: [],
    offers: [],
    certificates: [],
    authorities: [],
    alerts: [],
    exposures: [],
    backups: [],
    peerCertificates: [],
    tls: { hops: "listed", except: [] },
    standIns: [],
    ownedFields: [],
    versions,
    ...more,
  };
}

/** A context that collects what is reported. */
export function resolveContext(
  more: Partial<PlannedCluster> = {},
): ResolveContext & { readonly reported: Diagnostic[] } {
  const reported: Diagnostic[] = [];
  return {
    cluster: plannedCluster(more),
    path: ["here"],
    report: (diagnostic) => void reported.push(diagnostic),
    reported,
  };
}

export function plannedApp(more: Partial<PlannedApp> = {}): PlannedApp {
  return {
    kind: "app",
    provider: "app",
    name: "storefront",
    origin: ["apps", "storefront"],
    namespace: "storefront",
    image: "ghcr.io/example/storefront:1.4.2",
    port: 8080,
    replicas: 1,
    release: { kind: "rolling", maxSurge: 1, maxUnavailable: 0 },
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "256Mi" },
    },
    health: { liveness: "/healthz", readiness: "/readyz" },
    env: [],
    bindings: [],
    secrets: [],
    calls: [],
    ...more,
  };
}

export const orders: Unbound<PlannedDatabase> = {
  kind: "database",
  name: "orders",
  origin: ["databases", "orders"],
  provider: "postgres",
  instances: 1,
  storage: "5Gi",
  version: "18",
};

export const invoices: Unbound<PlannedDatabase> = {
  ...orders,
  name: "invoices",
  origin: ["databases", "invoices"],
  provider: "mysql",
  version: "8.4",
};

export const recent: Unbound<PlannedCache> = {
  kind: "cache",
  provider: "cache",
  name: "recent",
  origin: ["caches", "recent"],
  replicas: 0,
  failover: false,
  persistence: "append-only",
  storage: "1Gi",
  memory: "128Mi",
  use: ["cache", "sessions", "structures"],
};

export const mail: Unbound<PlannedQueue> = {
  kind: "queue",
  provider: "queue",
  name: "mail",
  origin: ["queues", "mail"],
  deadLetterAfter: 5,
  visibilityTimeoutMs: 30_000,
};

export const sacks: Unbound<PlannedStream> = {
  kind: "stream",
  provider: "stream",
  name: "sacks",
  origin: ["streams", "sacks"],
  partitions: 3,
  replicas: 3,
  retentionMs: 604_800_000,
  consumers: {},
};

export const uploads: Unbound<PlannedBucket> = {
  kind: "bucket",
  provider: "bucket",
  name: "uploads",
  origin: ["buckets", "uploads"],
  versioned: false,
};
