// Everything in one cluster: a service mesh, six stateful systems, one reference app. README.md maps the architecture document
// it comes from, heading by heading. What is left out has a default; `keelson explain` shows it.
import {
  argocd,
  argoRollouts,
  canary,
  cloudnativePg,
  databaseDump,
  definePlatform,
  existing,
  grafana,
  istio,
  istioGateway,
  jaeger,
  mongodb,
  mongodbCommunity,
  onPremise,
  otelCollector,
  postgres,
  prometheusOperator,
  redisOperator,
  sealedSecrets,
  stream,
  strimzi,
  velero,
} from "keelson";

export default definePlatform({
  name: "greenfield",
  domain: "greenfield.example.com",

  sites: { datacentre: onPremise({ network: "10.30.0.0/16" }) },

  // Any conformant cluster. Keelson cannot look at it while compiling, so what matters is stated.
  clusters: {
    // The least the document allows: 3 workers, 8 cores, 16 GB.
    development: existing({
      site: "datacentre",
      nodes: { count: 3, cpu: "4", memory: "8Gi", storage: "17G" }, // 50 GB of disks
      storageClass: "standard", // HDD
      nodeRange: "10.30.0.0/20",
    }),
    // Its recommendation: 5 workers or more over availability zones, 16 cores, 32 GB, SSD.
    production: existing({
      site: "datacentre",
      nodes: { count: 5, cpu: "8", memory: "16Gi", storage: "50G" }, // more than 200 GB: volumes ask for 218
      zones: 3,
      storageClass: "ssd",
      nodeRange: "10.30.16.0/20",
    }),
  },
  environments: {
    dev: { clusters: ["development"], scale: "single" },
    prod: { clusters: ["production"], scale: "highly-available" },
  },

  delivery: argocd({ repository: "https://github.com/greenfield/cluster" }),
  ingress: istioGateway(), // the only entry, on 80 and 443
  secrets: { sealed: sealedSecrets() }, // its controller runs in kube-system
  // Between services everything is mutual TLS; what is not is listed here, with its reason.
  tls: {
    hops: "strict",
    except: [
      {
        to: "argocd/argocd-server",
        reason: "a page for operators; delivery is no member of the mesh",
      },
      {
        to: "monitoring/grafana",
        reason: "a page for operators; monitoring is no member of the mesh",
      },
      {
        to: "monitoring/jaeger",
        reason: "a page for operators; monitoring is no member of the mesh",
      },
      { to: "monitoring/otel-collector", reason: "traces, to a namespace that is no member" },
    ],
  },
  mesh: istio(),
  rollouts: argoRollouts(),
  telemetry: otelCollector({ replicas: 2 }),
  metrics: prometheusOperator(),
  traces: jaeger(), // in memory for development, on a volume in production
  dashboards: grafana(), // over Prometheus and Jaeger

  providers: {
    postgres: cloudnativePg(), // every commit waits for one of two standbys
    cache: redisOperator(), // 1 primary, 2 replicas, 3 sentinels
    mongodb: mongodbCommunity(), // a replica set that elects its primary
    stream: strimzi({ storage: "10Gi" }), // of 3; since Kafka 4 the brokers vote themselves, without ZooKeeper
  },
  databases: {
    transactions: postgres({ instances: 3, storage: "5Gi" }),
    documents: mongodb({ instances: 3, storage: "5Gi" }),
  },
  caches: { sessions: { replicas: 2, storage: "1Gi" } }, // a replica takes over when the primary is lost
  streams: { "test-topic": stream({ partitions: 3, replicas: 3 }) },
  buckets: { backups: {} },
  backup: {
    databases: databaseDump({
      schedule: "0 1 * * *",
      timeZone: "Etc/UTC",
      keep: "14d",
      to: "backups",
    }),
    cluster: velero({ schedule: "0 2 * * *", timeZone: "Etc/UTC", keep: "14d", to: "backups" }),
  },

  apps: {
    // FastAPI; its image is `examples/fastapi`.
    fastapi: {
      image: "ghcr.io/greenfield/fastapi",
      route: { host: "api", port: 8000 },
      needs: ["transactions", "documents", "sessions", "test-topic"],
      scale: { min: 2, max: 3, cpu: 70 }, // 2-3 replicas
      metrics: "/metrics",
      release: canary([5, 25, 50, 100]), // percent of the requests
    },
  },

  roles: {
    administrators: { level: "cluster-admin", groups: ["greenfield:administrators"] },
    developers: { level: "developer", groups: ["greenfield:developers"] },
  },

  roadmap: {
    "incremental-backups": {
      what: "volume snapshots: daily incremental, weekly full",
      maturity: "core",
    },
    mysql: { what: "MySQL of 3, synchronous, 5Gi each", maturity: "core" },
    "mesh-rate-limits": { what: "rate limiting in the mesh" },
    "fault-injection": { what: "delays and aborts for tests" },
    "advanced-routing": { what: "routing by header, mirrored traffic" },
    "log-aggregation": { what: "ELK or Loki" },
    apm: { what: "application performance monitoring" },
    dashboards: { what: "custom dashboards" },
    "alert-policies": { what: "alert policies" },
    policy: { what: "OPA policy enforcement" },
    "image-scanning": { what: "image scanning" },
    "runtime-security": { what: "runtime security" },
    "secret-rotation": { what: "secret rotation" },
    "backup-automation": { what: "backup automation" },
    "read-replicas": { what: "read replicas" },
    "connection-pooling": { what: "PgBouncer" },
    "automated-testing": { what: "automated testing" },
    "progressive-delivery": { what: "progressive delivery with analysis" },
    "rollback-automation": { what: "rollback automation" },
  },
});
