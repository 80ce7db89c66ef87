// A platform on servers at home: k3s installed by Ansible, reached through a home router. README.md maps the architecture
// document it comes from, heading by heading. What is left out has a default; `keelson explain` shows it.
import {
  ansibleK3s,
  argocd,
  databaseDump,
  definePlatform,
  envoyGateway,
  externalSecrets,
  fluentBit,
  grafana,
  istio,
  jaeger,
  loki,
  metallb,
  onPremise,
  postgres,
  prometheusOperator,
  sealedSecrets,
  vault,
  velero,
} from "keelson";

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

  delivery: argocd({ repository: "https://github.com/naratecho/infra_prov" }),
  ingress: envoyGateway(),
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
  metrics: prometheusOperator(),
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
      route: { host: "app1", port: 8080 },
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
      what: "metrics kept for longer than one Prometheus does",
      maturity: "core",
    },
    "state-backup": { what: "copies of the infrastructure's state", maturity: "core" },
    delivery: { what: "Flux instead of Argo CD, with image automation", maturity: "core" },
    "rate-limits": { what: "limits of requests for each route", maturity: "core" },
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
    staging: { loadBalancer: { addresses: "192.168.41.200-192.168.41.219" } },
    prod: { loadBalancer: { addresses: "192.168.42.200-192.168.42.219" } },
  },
});
