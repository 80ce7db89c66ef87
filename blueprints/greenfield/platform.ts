// Everything in one cluster: a service mesh, six stateful systems, one reference app. README.md maps the architecture document
// it comes from, heading by heading. What is left out has a default; `keelson explain` shows it.
import {
  argocd,
  argoRollouts,
  canary,
  databaseDump,
  definePlatform,
  existing,
  grafana,
  istio,
  istioGateway,
  jaeger,
  onPremise,
  otelCollector,
  postgres,
  prometheusOperator,
  sealedSecrets,
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
      nodes: { count: 3, cpu: "4", memory: "8Gi" },
      storageClass: "standard", // HDD
      nodeRange: "10.30.0.0/20",
    }),
    // Its recommendation: 5 workers or more over availability zones, 16 cores, 32 GB, SSD.
    production: existing({
      site: "datacentre",
      nodes: { count: 5, cpu: "8", memory: "16Gi" },
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
  mesh: istio(),
  rollouts: argoRollouts(),
  telemetry: otelCollector({ replicas: 2 }),
  metrics: prometheusOperator(),
  traces: jaeger(), // in memory for development, on a volume in production
  dashboards: grafana(), // over Prometheus and Jaeger

  databases: { transactions: postgres({ storage: "5Gi" }) },
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
      needs: ["transactions"],
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
    redis: { what: "Redis, 1 master and 2 replicas, 1Gi each, with failover", maturity: "core" },
    "postgres-replication": {
      what: "PostgreSQL of 3 with synchronous replication",
      maturity: "core",
    },
    mysql: { what: "MySQL of 3, synchronous, 5Gi each", maturity: "core" },
    mongodb: { what: "MongoDB replica set of 3, 5Gi data and 1Gi config each", maturity: "core" },
    kafka: {
      what: "Kafka of 3 (10Gi each) with ZooKeeper of 3 (2Gi each); test-topic with 3 partitions, factor 3",
      maturity: "core",
    },
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
    "database-operators": { what: "operators such as Zalando's for PostgreSQL" },
    "backup-automation": { what: "backup automation" },
    "read-replicas": { what: "read replicas" },
    "connection-pooling": { what: "PgBouncer" },
    "automated-testing": { what: "automated testing" },
    "progressive-delivery": { what: "progressive delivery with analysis" },
    "rollback-automation": { what: "rollback automation" },
  },
});
