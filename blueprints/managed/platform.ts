// Managed services of a cloud: EKS, RDS, ElastiCache, MSK, namespaces by tier. README.md maps the architecture document it
// comes from, heading by heading. What is left out has a default; `keelson explain` shows it.
import {
  acme,
  apiAudit,
  argocd,
  argoRollouts,
  aws,
  awsKms,
  calico,
  canary,
  certManager,
  databaseDump,
  definePlatform,
  developerMachine,
  dns01Cloudflare,
  eks,
  externalKafka,
  externalPostgres,
  externalRedis,
  externalS3,
  externalSecrets,
  gatekeeper,
  grafana,
  jaeger,
  k3d,
  karpenter,
  keda,
  keycloak,
  metallb,
  metricsServer,
  nginxGatewayFabric,
  otelCollector,
  postgres,
  privateCa,
  prometheusOperator,
  sealedSecrets,
  vault,
  vaultInjector,
  velero,
} from "keelson";

export default definePlatform({
  name: "cobalt",
  domain: "cobalt.example.com",

  sites: {
    laptop: developerMachine(),
    frankfurt: aws({ region: "eu-central-1", network: "10.20.0.0/16" }),
  },

  // One field decides the cloud: `gke({ …, nodes: { …, size: "e2-standard-4" } })` or `aks({ … "Standard_D4s_v5" })` in its
  // place, with a site `gcp` or `azure`. The document names EKS for its Terraform. Three zones, since it asks for multi-AZ.
  clusters: {
    // The document begins at the cloud; a platform one can try on a laptop is a better start.
    local: k3d({ site: "laptop", agents: 3 }),
    staging: eks({
      site: "frankfurt",
      kubernetes: "1.35",
      nodes: { min: 5, max: 7, size: "m6i.large" },
    }),
    production: eks({
      site: "frankfurt",
      kubernetes: "1.35",
      nodes: { min: 3, max: 12, size: "m6i.xlarge" },
    }),
  },
  environments: {
    dev: { clusters: ["local"], scale: "single", domain: "dev.127.0.0.1.nip.io" },
    staging: { clusters: ["staging"], scale: "highly-available" },
    prod: { clusters: ["production"], scale: "highly-available" },
  },

  delivery: argocd({ repository: "https://gitlab.com/cobalt/infrastructure" }),
  packaging: "helm", // a chart for each service, over one library chart
  ingress: nginxGatewayFabric(),
  // Signs for the ingress by DNS, since Cloudflare stands before it, and for both ends of the hop from there to the pods.
  certificates: certManager({
    issuer: acme({ email: "platform@cobalt.example.com", solver: dns01Cloudflare() }),
  }),
  rollouts: argoRollouts(),
  // Vault keeps the values and External Secrets reads them; sealed is only what Vault itself starts from.
  secrets: {
    sealed: sealedSecrets(),
    vault: vault({
      unseal: awsKms({ region: "eu-central-1", key: "alias/cobalt-vault" }),
      snapshots: { schedule: "0 1 * * *", timeZone: "Etc/UTC", keep: "14d", to: "backups" },
    }),
    kept: externalSecrets({ vault: {} }), // variables
    agents: vaultInjector(), // files, from an agent beside the app that names it
  },
  cni: calico(), // enforces network policies on the VPC's own network
  identity: keycloak({ database: "people" }),
  audit: apiAudit(),
  policy: gatekeeper(),
  metrics: prometheusOperator(),
  telemetry: otelCollector(),
  traces: jaeger(),
  dashboards: grafana(),
  eventScaling: keda(),
  nodeScaling: karpenter(), // or clusterAutoscaler()
  resourceMetrics: metricsServer(), // what `scale` and kubectl top read

  databases: { accounts: postgres({ storage: "20Gi" }), people: postgres({ storage: "5Gi" }) },
  caches: { jobs: {} }, // also behind RQ
  streams: { events: {} },
  buckets: { assets: { versioned: true }, backups: {} },
  backup: {
    databases: databaseDump({
      schedule: "0 2 * * *",
      timeZone: "Etc/UTC",
      keep: "14d",
      to: "backups",
    }),
    cluster: velero({ schedule: "0 3 * * *", timeZone: "Etc/UTC", keep: "14d", to: "backups" }),
  },

  // A namespace for each tier: frontend, services, data, ops. Apps name theirs; systems bring their own.
  apps: {
    web: {
      image: "222222222222.dkr.ecr.eu-central-1.amazonaws.com/web",
      namespace: "frontend",
      // Next.js; it asks the ingress for its certificate, so metrics have a port of their own.
      route: { host: "www", port: 3000, upstream: "mtls" },
      port: 9464,
      needs: ["api"],
      release: canary([5, 25, 50, 100]), // percent of the requests
      scale: { min: 2, max: 10, cpu: 70, memory: 80 },
      metrics: "/metrics",
    },
    api: {
      image: "222222222222.dkr.ecr.eu-central-1.amazonaws.com/api",
      namespace: "services",
      port: 8000, // FastAPI
      needs: ["accounts", "jobs", "events", "assets"],
      secrets: { signing: { keys: ["private.pem"], mount: "file", from: "agents" } },
      scale: {
        min: 2,
        max: 10,
        cpu: 70,
        memory: 80,
        // How long RQ's oldest job has waited, which the app measures.
        signals: [{ kind: "latency", query: "max(rq_oldest_job_seconds)", target: "30s" }],
      },
      metrics: "/metrics",
    },
  },

  roles: {
    administrators: { level: "cluster-admin", groups: ["cobalt:administrators"] },
    developers: { level: "developer", groups: ["cobalt:developers"] },
    viewers: { level: "viewer", groups: ["cobalt:viewers"] },
  },

  roadmap: {
    snapshots: { what: "automated snapshots of RDS and OpenSearch", maturity: "core" },
    edge: { what: "Cloudflare CDN and WAF before the ingress", maturity: "core" },
    search: {
      what: "OpenSearch with the SIEM plugin, and Fluent Bit writing to it",
      maturity: "core",
    },
    "audit-events": {
      what: "a SIEM that is sent the audit log: OpenSearch, which would run the Sigma rules",
      maturity: "core",
    },
    "read-replicas": { what: "read replicas of PostgreSQL", maturity: "core" },
    "cross-region-replication": { what: "S3 replication to a second region", maturity: "core" },
    provisioning: {
      what: "Terraform: VPC, EKS, RDS, OpenSearch, ElastiCache, MSK, S3",
      maturity: "core",
    },
    pipelines: {
      what: "GitLab CI: lint and test, SAST, dependency and image scans, build, deploy",
      maturity: "core",
    },
    "service-mesh": { what: "Istio or Linkerd: zero trust, traffic policies" },
    "chaos-engineering": { what: "Litmus" },
    "terraform-collaboration": { what: "Terraform Cloud or Atlantis" },
    "cost-monitoring": { what: "Kubecost" },
    "predictive-scaling": { what: "scaling before the peak" },
  },

  overrides: {
    dev: {
      loadBalancer: metallb(),
      eventScaling: null,
      nodeScaling: null, // k3d has the nodes it has
      resourceMetrics: null,
      cni: null, // k3s enforces policies itself
      certificates: certManager({ issuer: privateCa() }), // nobody outside can ask a laptop
      secrets: { vault: { unseal: null } },
    },
    staging: {
      apps: { api: { identity: "arn:aws:iam::222222222222:role/cobalt-staging-api" } },
      providers: {
        postgres: externalPostgres({
          host: "accounts.staging.cobalt.example.com",
          identity: "aws", // the API asks RDS for a token in place of a password
          addresses: ["10.20.192.0/20"],
        }),
        // ElastiCache and MSK, in the same subnets.
        cache: externalRedis({
          host: "jobs.staging.cobalt.example.com",
          addresses: ["10.20.192.0/20"],
        }),
        stream: externalKafka({
          brokers: ["b-1.staging.cobalt.example.com", "b-2.staging.cobalt.example.com"],
          addresses: ["10.20.192.0/20"],
        }),
        bucket: externalS3({ region: "eu-central-1", prefix: "cobalt-staging" }),
      },
    },
    prod: {
      apps: { api: { identity: "arn:aws:iam::222222222222:role/cobalt-prod-api" } },
      providers: {
        // RDS in the database subnets, Multi-AZ.
        postgres: externalPostgres({
          host: "accounts.prod.cobalt.example.com",
          identity: "aws",
          addresses: ["10.20.208.0/20"],
        }),
        // ElastiCache and MSK, in the same subnets.
        cache: externalRedis({
          host: "jobs.prod.cobalt.example.com",
          addresses: ["10.20.208.0/20"],
        }),
        stream: externalKafka({
          brokers: ["b-1.prod.cobalt.example.com", "b-2.prod.cobalt.example.com"],
          addresses: ["10.20.208.0/20"],
        }),
        bucket: externalS3({ region: "eu-central-1", prefix: "cobalt-prod" }),
      },
      backup: { databases: { keep: "30d" } },
    },
  },
});
