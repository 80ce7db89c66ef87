// Four small platforms that between them use every shipped component: one as it would be written today, one as it was
// inherited, one that keeps secrets and knows people, one that is watched.

import type { PlatformDefinition } from "../../model/index.ts";
import { blueGreen, canary, mongodb, mysql, postgres, queue, stream } from "../../model/index.ts";
import {
  acme,
  apiAudit,
  calico,
  cilium,
  keycloak,
  certManager,
  cloudnativePg,
  argocd,
  argoRollouts,
  aws,
  awsKms,
  bucketMirror,
  databaseDump,
  developerMachine,
  digitalocean,
  distribution,
  eks,
  elasticmq,
  existing,
  externalPostgres,
  externalRedis,
  externalSecrets,
  externalS3,
  externalSqs,
  fluentBit,
  grafana,
  falco,
  gatekeeper,
  ingressNginx,
  jaeger,
  istio,
  istioGateway,
  k3d,
  linkerd,
  loki,
  metallb,
  karpenter,
  keda,
  metricsServer,
  minio,
  nginxGatewayFabric,
  onPremise,
  otelCollector,
  postgresServer,
  redisOperator,
  redisServer,
  prometheus,
  prometheusOperator,
  seaweedfs,
  strimzi,
  sealedSecrets,
  velero,
  type ShippedKinds,
  validatingAdmissionPolicies,
  vault,
  vaultInjector,
} from "../index.ts";

export type Platform = PlatformDefinition<ShippedKinds>;

export const harbour: Platform = {
  name: "harbour",
  domain: "harbour.example.com",
  sites: {
    laptop: developerMachine(),
    frankfurt: aws({ region: "eu-central-1", network: "10.100.0.0/16" }),
  },
  clusters: {
    local: k3d({ site: "laptop" }),
    cloud: eks({
      site: "frankfurt",
      kubernetes: "1.35",
      nodes: { min: 3, max: 6, size: "m6i.large" },
      networkPolicy: true,
    }),
  },
  environments: {
    dev: { clusters: ["local"], scale: "single", domain: "dev.127.0.0.1.nip.io" },
    prod: { clusters: ["cloud"], scale: "highly-available" },
  },
  delivery: argocd({
    repository: "https://git.example.com/harbour",
    oidc: { issuer: "https://login.example.com", clientId: "argocd" },
  }),
  ingress: nginxGatewayFabric(),
  loadBalancer: metallb(),
  registry: distribution(),
  secrets: { sealed: sealedSecrets() },
  policy: validatingAdmissionPolicies(),
  runtimeSecurity: falco(),
  backup: {
    databases: databaseDump({
      schedule: "0 3 * * *",
      timeZone: "Etc/UTC",
      keep: "7d",
      to: "backups",
    }),
    buckets: bucketMirror({
      schedule: "0 4 * * *",
      timeZone: "Etc/UTC",
      keep: "7d",
      from: ["uploads"],
      to: "backups",
    }),
  },
  providers: {
    postgres: postgresServer(),
    queue: elasticmq(),
    bucket: seaweedfs(),
    cache: redisServer(),
  },
  databases: { orders: postgres(), "order-events": postgres({ storage: "1Gi" }) },
  queues: { mail: queue({ deadLetterAfter: 3 }), audit: queue({ deadLetterAfter: false }) },
  caches: { sessions: { use: ["sessions"] } },
  buckets: { uploads: { versioned: true, expireAfter: "36h" }, backups: {} },
  apps: {
    storefront: {
      image: "localhost:5000/storefront:1.4.2",
      route: { host: "shop", port: 8080 },
      needs: ["orders", "mail", "uploads", "sessions", "pricing"],
      scale: { min: 2, max: 10, cpu: 70, memory: 80 },
      secrets: {
        payments: { keys: ["API_KEY"] },
        signing: { keys: ["tls.key"], mount: "file" },
      },
      calls: { payments: { host: "api.payments.example.com" } },
      env: { LOG_LEVEL: "info" },
      metrics: "/metrics",
    },
    pricing: { image: "ghcr.io/example/pricing:2.0.0", port: 9090 },
    mailer: { image: "ghcr.io/example/mailer:1.0.0", needs: ["mail", "audit"], health: false },
  },
  roles: {
    administrators: { level: "cluster-admin", groups: ["harbour:administrators"] },
    delivery: { level: "delivery-admin", groups: ["harbour:delivery"] },
    developers: { level: "developer", groups: ["harbour:developers"] },
    viewers: { level: "viewer", groups: ["harbour:viewers"] },
  },
  overrides: {
    prod: {
      loadBalancer: null,
      policy: gatekeeper({ rules: { "required-labels": "warn" } }),
      providers: {
        postgres: externalPostgres({ host: "db.example.com", addresses: ["10.100.192.0/20"] }),
        queue: externalSqs({ region: "eu-central-1", account: "222222222222", prefix: "harbour-" }),
        bucket: externalS3({ region: "eu-central-1", prefix: "harbour-prod" }),
        cache: externalRedis({ host: "cache.example.com", addresses: ["10.100.208.0/20"] }),
      },
    },
  },
};

export const inherited: Platform = {
  name: "lighthouse",
  domain: "lighthouse.example.com",
  sites: {
    cellar: onPremise({ network: "192.168.40.0/22" }),
    newyork: digitalocean({ region: "nyc3", network: "10.200.0.0/16" }),
  },
  clusters: {
    home: existing({ site: "cellar", loadBalancer: false, podRange: "10.42.0.0/16" }),
    away: existing({ site: "newyork", zones: 3 }),
  },
  environments: {
    test: { clusters: ["home"], scale: "single" },
    prod: { clusters: ["away"], scale: "highly-available" },
  },
  delivery: argocd({ repository: "ssh://git@git.example.com/lighthouse", sync: "manual" }),
  ingress: ingressNginx(),
  rollouts: argoRollouts(),
  loadBalancer: metallb({ addresses: "192.168.43.200-250" }),
  secrets: { sealed: sealedSecrets({ keyRenewPeriod: "30d" }) },
  providers: { postgres: postgresServer({ storageClass: "fast" }), bucket: minio() },
  databases: { notes: postgres({ version: "17" }) },
  buckets: { pictures: { versioned: true } },
  apps: {
    lamp: {
      image: "ghcr.io/example/lamp:1.0.0",
      route: { host: "lamp", port: 3000 },
      needs: ["notes", "pictures"],
      release: canary([25, 100], { analysis: { path: "/readyz" } }),
    },
    shade: { image: "ghcr.io/example/shade:1.0.0", port: 3000, release: blueGreen() },
  },
  overrides: { prod: { loadBalancer: null } },
};

export const observatory: Platform = {
  name: "observatory",
  domain: "observatory.example.com",
  sites: { newyork: digitalocean({ region: "nyc3", network: "10.200.0.0/16" }) },
  clusters: {
    try: existing({ site: "newyork", zones: 1 }),
    sky: existing({ site: "newyork", zones: 3 }),
  },
  environments: {
    dev: { clusters: ["try"], scale: "single" },
    prod: { clusters: ["sky"], scale: "highly-available" },
  },
  delivery: argocd({ repository: "https://github.com/example/observatory" }),
  ingress: nginxGatewayFabric(),
  secrets: {
    kept: externalSecrets({ vault: { address: "https://vault.observatory.example.com:8200" } }),
  },
  resourceMetrics: metricsServer(),
  eventScaling: keda(),
  metrics: prometheusOperator({ remoteWrite: { host: "metrics.example.com" } }),
  dashboards: grafana(),
  traces: jaeger(),
  logs: loki({ to: "chronicle" }),
  logShipping: fluentBit(),
  telemetry: otelCollector(),
  backup: {
    nightly: velero({ schedule: "0 2 * * *", timeZone: "Etc/UTC", keep: "30d", to: "vault" }),
  },
  buckets: { chronicle: {}, vault: {} },
  databases: { stars: postgres({}) },
  apps: {
    telescope: {
      image: "ghcr.io/example/telescope:1.0.0",
      route: { host: "telescope", port: 8080 },
      needs: ["stars"],
      metrics: "/metrics",
      scale: {
        min: 2,
        max: 8,
        cpu: 70,
        signals: [
          { kind: "metric", query: "sum(telescope_waiting)", perReplica: 20 },
          { kind: "window", start: "0 7 * * 1-5", end: "0 20 * * 1-5", replicas: 4 },
        ],
      },
    },
  },
};

/** What a platform keeps its secrets in and knows its people by, all of it on the cluster. */
export const citadel: Platform = {
  name: "citadel",
  domain: "citadel.example.com",
  sites: { ireland: aws({ region: "eu-west-1", network: "10.30.0.0/16" }) },
  clusters: {
    keep: eks({
      site: "ireland",
      kubernetes: "1.35",
      nodes: { min: 3, max: 6, size: "m6i.xlarge" },
      networkPolicy: true,
    }),
  },
  environments: { prod: { clusters: ["keep"], scale: "highly-available" } },
  delivery: argocd({ repository: "https://github.com/example/citadel" }),
  ingress: nginxGatewayFabric(),
  secrets: {
    sealed: sealedSecrets(),
    kept: externalSecrets({ vault: {} }),
    vault: vault({
      unseal: awsKms({ region: "eu-west-1", key: "alias/citadel-unseal" }),
      snapshots: { schedule: "30 1 * * *", timeZone: "Etc/UTC", keep: "30d", to: "cellar" },
    }),
  },
  cni: calico(),
  identity: keycloak({ database: "people" }),
  audit: apiAudit(),
  metrics: prometheusOperator({ remoteWrite: { host: "metrics.example.com" } }),
  dashboards: grafana(),
  buckets: { cellar: {} },
  databases: { ledger: postgres({}), people: postgres({}) },
  roles: {
    wardens: { level: "cluster-admin", groups: ["citadel:wardens"] },
    readers: { level: "viewer", groups: ["citadel:readers"] },
  },
  apps: {
    gate: {
      image: "ghcr.io/example/gate:1.0.0",
      route: { host: "gate", port: 8080 },
      needs: ["ledger"],
      secrets: { signing: { keys: ["KEY"] } },
    },
  },
};

/** The app's own agent brings its secret; everything else stays as it was. */
export const injecting: Platform = {
  ...citadel,
  secrets: { ...citadel.secrets, agents: vaultInjector() },
  apps: {
    gate: {
      image: "ghcr.io/example/gate:1.0.0",
      route: { host: "gate", port: 8080 },
      needs: ["ledger"],
      secrets: {
        signing: { keys: ["KEY"], mount: "file", from: "agents" },
        paging: { keys: ["TOKEN"] },
      },
    },
  },
};

export const granary: Platform = {
  name: "granary",
  domain: "granary.example.com",
  sites: { newyork: digitalocean({ region: "nyc3", network: "10.200.0.0/16" }) },
  clusters: {
    try: existing({ site: "newyork", zones: 1 }),
    mill: existing({ site: "newyork", zones: 3 }),
  },
  environments: {
    dev: { clusters: ["try"], scale: "single" },
    prod: { clusters: ["mill"], scale: "highly-available" },
  },
  delivery: argocd({ repository: "https://github.com/example/granary" }),
  secrets: { sealed: sealedSecrets() },
  providers: {
    postgres: cloudnativePg({ snapshots: "0 1 * * *" }),
    stream: strimzi(),
    cache: redisOperator(),
  },
  caches: { chaff: {}, dust: { replicas: 0, use: ["cache"] } },
  databases: {
    wheat: postgres({ instances: 3 }),
    flour: mysql(),
    husks: mongodb({ instances: 3 }),
  },
  streams: { sacks: stream({ consumers: { counting: "miller" } }) },
  apps: {
    miller: {
      image: "ghcr.io/example/miller:1.0.0",
      port: 8080,
      needs: ["wheat", "flour", "husks", "sacks", "chaff", "dust"],
    },
  },
};

/** The first one with a mesh, and everything people ask of one. */
export const meshed = (mesh: Platform["mesh"]): Platform => ({
  ...harbour,
  ...(mesh === undefined ? {} : { mesh }),
  traffic: { mtls: mesh !== undefined, timeout: "15s", retries: 2, circuitBreaker: {} },
  apps: {
    ...harbour.apps,
    pricing: {
      image: "ghcr.io/example/pricing:2.0.0",
      port: 9090,
      traffic: {
        attemptTimeout: "500ms",
        routes: [
          { to: "mailer-api", headers: { "X-Canary": "yes" } },
          { to: "mailer-api", percent: 5 },
        ],
        mirror: { to: "mailer-api", percent: 10 },
        rateLimit: { perSecond: 50 },
        faults: { abort: { percent: 50 }, delay: { by: "2s", percent: 1 }, until: "2026-12-01" },
        circuitBreaker: { failures: 3, connections: 100, pending: 10 },
      },
    },
    "mailer-api": { image: "ghcr.io/example/mailer-api:1.0.0", port: 9090 },
  },
});

export const EMAIL = "harbour-master@example.com";

/** The first one with an issuer. */
export const certified = (certificates: Platform["certificates"]): Platform => ({
  ...harbour,
  ...(certificates === undefined ? {} : { certificates }),
});

/** Every environment of all, by a name for the test's title. */
export const ENVIRONMENTS: readonly (readonly [string, Platform, string])[] = [
  ["harbour dev", harbour, "dev"],
  ["harbour dev with Istio", meshed(istio()), "dev"],
  ["harbour prod with Istio", meshed(istio({ mode: "ambient" })), "prod"],
  ["harbour prod behind Istio", { ...meshed(istio()), ingress: istioGateway() }, "prod"],
  [
    "harbour prod with Linkerd",
    { ...meshed(linkerd()), certificates: certManager(), rollouts: argoRollouts() },
    "prod",
  ],
  ["harbour prod", harbour, "prod"],
  ["lighthouse test", inherited, "test"],
  ["lighthouse prod", inherited, "prod"],
  ["harbour dev with its own authority", certified(certManager()), "dev"],
  ["harbour prod by ACME", certified(certManager({ issuer: acme({ email: EMAIL }) })), "prod"],
  [
    "lighthouse prod by ACME",
    { ...inherited, certificates: certManager({ issuer: acme({ email: EMAIL }) }) },
    "prod",
  ],
  ["citadel prod", citadel, "prod"],
  ["citadel prod with agents", injecting, "prod"],
  ["citadel prod with Cilium", { ...citadel, cni: cilium() }, "prod"],
  [
    "harbour prod with Karpenter",
    {
      ...harbour,
      overrides: { prod: { ...harbour.overrides?.["prod"], nodeScaling: karpenter() } },
    },
    "prod",
  ],
  ["observatory dev", observatory, "dev"],
  ["observatory prod", observatory, "prod"],
  ["granary dev", granary, "dev"],
  ["granary prod", granary, "prod"],
  ["observatory prod without an operator", { ...observatory, metrics: prometheus() }, "prod"],
];
