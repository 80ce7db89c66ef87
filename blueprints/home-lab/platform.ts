// A platform on servers at home: k3s installed by Ansible, reached through a home router. README.md maps the architecture
// document it comes from, heading by heading. What is left out has a default; `keelson explain` shows it.
import {
  acme,
  ansibleK3s,
  apiAudit,
  certManager,
  databaseDump,
  definePlatform,
  dns01Cloudflare,
  envoyGateway,
  externalSecrets,
  falco,
  fluentBit,
  flux,
  grafana,
  istio,
  jaeger,
  loki,
  metallb,
  namespaces,
  onPremise,
  postgres,
  prometheusOperator,
  sealedSecrets,
  validatingAdmissionPolicies,
  vault,
  velero,
} from "keelson";

/** Cloudflare stands before the home router: https://www.cloudflare.com/ips-v4, as of 2026-09. */
const CLOUDFLARE = [
  "103.21.244.0/22",
  "103.22.200.0/22",
  "103.31.4.0/22",
  "104.16.0.0/13",
  "104.24.0.0/14",
  "108.162.192.0/18",
  "131.0.72.0/22",
  "141.101.64.0/18",
  "162.158.0.0/15",
  "172.64.0.0/13",
  "173.245.48.0/20",
  "188.114.96.0/20",
  "190.93.240.0/20",
  "197.234.240.0/22",
  "198.41.128.0/17",
];

export default definePlatform({
  name: "naratecho",
  // `dev` answers at dev.naratecho.com, the document's public name; `prod` has the bare domain.
  domain: "naratecho.com",

  // One home network, a /24 of it for the machines of each environment. 192.168.0.0/16 as a whole would swallow every
  // other home network that is ever linked.
  sites: { home: onPremise({ network: "192.168.40.0/22" }) },

  // Three environments, three clusters, as the document's repository has them.
  clusters: {
    dev: ansibleK3s({
      site: "home",
      kubernetes: "1.35",
      nodeRange: "192.168.40.0/24",
      servers: { count: 1 },
      agents: { count: 2 },
    }),
    staging: ansibleK3s({
      site: "home",
      kubernetes: "1.35",
      nodeRange: "192.168.41.0/24",
      servers: { count: 3 },
      agents: { count: 2 },
    }),
    prod: ansibleK3s({
      site: "home",
      kubernetes: "1.35",
      nodeRange: "192.168.42.0/24",
      servers: { count: 3 },
      agents: { count: 3 },
    }),
  },
  environments: {
    dev: { clusters: ["dev"], scale: "single" },
    staging: { clusters: ["staging"], scale: "highly-available" },
    prod: { clusters: ["prod"], scale: "highly-available" },
  },

  delivery: flux({
    repository: "https://github.com/naratecho/infra_prov",
    credentials: "infra-prov", // a Secret in flux-system that may push: new tags of images go into git
    imageUpdates: {},
  }),
  // The quota the document gives app1; that of every other namespace follows from what runs there.
  tenancy: namespaces({
    quotas: {
      app1: { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "8", memory: "16Gi" } },
    },
  }),
  ingress: envoyGateway({ clientAddress: { trustedProxies: CLOUDFLARE } }), // limits count clients, not Cloudflare
  certificates: certManager({
    issuer: acme({ email: "admin@naratecho.com", solver: dns01Cloudflare() }),
  }),
  // The home router forwards 80 and 443 to the first of these addresses. A custom port for a service is an entry of
  // `exposures`, which gives it the next one; the document names no service yet.
  loadBalancer: metallb({ addresses: "192.168.40.200-192.168.40.219" }),
  // Vault keeps the values and External Secrets reads them; sealed is only what Vault itself starts from.
  secrets: {
    sealed: sealedSecrets(),
    vault: vault({
      snapshots: {
        schedule: "30 2 * * *",
        timeZone: "Europe/Berlin",
        keep: "14d",
        to: "backups",
      },
    }),
    kept: externalSecrets({ vault: {} }),
  },
  mesh: istio(), // mutual TLS, traffic management, telemetry between services
  audit: apiAudit(),
  policy: validatingAdmissionPolicies(),
  runtimeSecurity: falco(),
  metrics: prometheusOperator({ retention: "90d" }),
  logs: loki({ to: "logs" }),
  logShipping: fluentBit(),
  traces: jaeger(),
  dashboards: grafana(),

  databases: { app1: postgres({ storage: "5Gi" }) },
  buckets: { backups: {}, logs: {} },
  backup: {
    databases: databaseDump({
      schedule: "0 3 * * *",
      timeZone: "Europe/Berlin",
      keep: "7d",
      to: "backups",
    }),
    cluster: velero({
      schedule: "0 4 * * *",
      timeZone: "Europe/Berlin",
      keep: "7d",
      to: "backups",
    }),
  },

  // Each microservice has a namespace of its own.
  apps: {
    app1: {
      image: "ghcr.io/naratecho/app1",
      updates: { semver: "1.x" }, // Flux commits the tag it finds
      route: { host: "app1", port: 8080, rateLimit: { requests: 100, per: "minute" } },
      needs: ["app1"],
      scale: { min: 2, max: 6, cpu: 70 },
      metrics: "/metrics",
    },
  },

  roles: {
    administrators: { level: "cluster-admin", groups: ["naratecho:administrators"] },
    developers: { level: "developer", groups: ["naratecho:developers"] },
  },

  roadmap: {
    "long-term-metrics": {
      what: "metrics in object storage, past the 90 days that Prometheus keeps on its volume",
      maturity: "core",
    },
    "alert-routing": { what: "routes and escalation of alerts to people", maturity: "core" },
    "state-backup": { what: "copies of Terraform's state", maturity: "core" },
    provisioning: {
      what: "Terraform environments dev, staging, prod with modules kubernetes, networking, storage",
      maturity: "core",
    },
    edge: {
      what: "Cloudflare DNS and DDoS protection, dynamic DNS for dev.naratecho.com",
      maturity: "core",
    },
    "intrusion-prevention": { what: "fail2ban on the client's real address", maturity: "core" },
    pipelines: {
      what: "GitHub Actions build, security-scan and release, one for each app's paths",
      maturity: "core",
    },
    quality: {
      what: "SonarQube in the namespace quality-assurance, CodeQL, one gate before every merge",
      maturity: "core",
    },
    "multi-region": { what: "a second region with automated failover, tested", maturity: "core" },
    "multi-cluster-federation": { what: "services and placement over several clusters" },
    "advanced-automation": { what: "alerts that mend what they report, within bounds" },
    "ai-ml-operations": { what: "GPU nodes, training jobs, a model registry" },
  },

  overrides: {
    dev: { metrics: { retention: "15d" } }, // on the pod's own disk
    staging: { loadBalancer: { addresses: "192.168.41.200-192.168.41.219" } },
    prod: { loadBalancer: { addresses: "192.168.42.200-192.168.42.219" } },
  },
});
