// A platform from laptop to cloud: k3d on a developer's machine, EKS for staging and production, Argo CD in each.
// What is left out has a default; `keelson explain` shows it.
import {
  acme,
  argocd,
  argoRollouts,
  aws,
  blueGreen,
  bucketMirror,
  certManager,
  databaseDump,
  definePlatform,
  developerMachine,
  distribution,
  dns01Route53,
  eks,
  elasticmq,
  externalPostgres,
  externalS3,
  externalSqs,
  grafana,
  k3d,
  metallb,
  metricsServer,
  nginxGatewayFabric,
  postgres,
  postgresServer,
  prometheusOperator,
  queue,
  sealedSecrets,
  seaweedfs,
} from "keelson";

export default definePlatform({
  name: "comind-ops",
  domain: "comind-ops.example.com",

  sites: {
    laptop: developerMachine(),
    frankfurt: aws({ region: "eu-central-1", network: "10.100.0.0/16" }),
  },

  clusters: {
    local: k3d({ site: "laptop", servers: 1, agents: 2 }),
    // `networkPolicy`: the VPC CNI add-on runs with enableNetworkPolicy; without it no policy would have any effect.
    staging: eks({
      site: "frankfurt",
      kubernetes: "1.35",
      nodes: { min: 3, max: 4, size: "m6i.large" },
      networkPolicy: true,
    }),
    production: eks({
      site: "frankfurt",
      kubernetes: "1.35",
      nodes: { min: 3, max: 6, size: "m6i.xlarge" },
      networkPolicy: true,
    }),
  },

  environments: {
    dev: { clusters: ["local"], scale: "single", domain: "dev.127.0.0.1.nip.io" },
    staging: { clusters: ["staging"], scale: "highly-available" },
    prod: { clusters: ["production"], scale: "highly-available" },
  },

  delivery: argocd({ repository: "https://github.com/comind-ops/platform" }),
  ingress: nginxGatewayFabric(),
  loadBalancer: metallb({ addresses: "172.18.255.200-172.18.255.250" }),
  registry: distribution({ storage: "10Gi" }),
  secrets: { sealed: sealedSecrets() },
  certificates: certManager({
    issuer: acme({
      email: "platform@comind-ops.example.com",
      solver: dns01Route53({ region: "eu-central-1" }),
    }),
  }),
  resourceMetrics: metricsServer(), // only where the substrate brings none: k3d does
  metrics: prometheusOperator(), // with Alertmanager
  dashboards: grafana(),
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

  // Who serves databases, queues and buckets. The contract to the apps is the same everywhere.
  providers: {
    postgres: postgresServer(),
    queue: elasticmq(),
    bucket: seaweedfs({ storage: "10Gi" }),
  },

  databases: { orders: postgres({ storage: "5Gi" }) },
  queues: { mail: queue({ deadLetterAfter: 5 }) },
  buckets: { uploads: {}, backups: {} },

  apps: {
    storefront: {
      image: "ghcr.io/comind-ops/storefront",
      route: { host: "storefront", port: 8080 },
      needs: ["orders", "mail", "uploads"], // → env, secrets, policies
      scale: { min: 2, max: 10, cpu: 70 },
      secrets: { payments: { keys: ["API_KEY"] } },
      // Under `keelson up` the app itself runs here; see docs/guide/local-development.md.
      dev: {
        // TypeScript as it is, compiled at the first start; jiti's own command does it in less memory than its loader hooks.
        command: [
          "node",
          "--max-old-space-size=96",
          "node_modules/jiti/lib/jiti-cli.mjs",
          "src/main.ts",
        ],
        directory: "../../examples/storefront",
        env: { DRAIN_MS: "0" },
      },
    },
  },

  roles: {
    administrators: { level: "cluster-admin", groups: ["comind-ops:administrators"] },
    delivery: { level: "delivery-admin", groups: ["comind-ops:delivery"] },
    developers: { level: "developer", groups: ["comind-ops:developers"] },
    viewers: { level: "viewer", groups: ["comind-ops:viewers"] },
  },

  roadmap: {
    pipelines: { what: "a pipeline that builds images and pushes them", maturity: "core" },
    "alert-routing": { what: "routes of alerts to people", maturity: "core" },
    "image-retention": { what: "removal of old images from the registry", maturity: "core" },
    "repository-mirrors": { what: "the repository in several regions", maturity: "core" },
  },

  overrides: {
    dev: {
      // A laptop stays small: `keelson up` keeps metrics and traces of its own, and browsers trust no authority it could ask.
      metrics: null,
      dashboards: null,
      certificates: null,
    },
    staging: {
      loadBalancer: null, // the cloud gives addresses
      providers: {
        // `addresses`: the database subnets, inside the VPC that pods are otherwise kept out of.
        postgres: externalPostgres({
          host: "postgres.staging.comind-ops.example.com",
          addresses: ["10.100.192.0/20"],
        }),
        queue: externalSqs({ region: "eu-central-1", account: "111111111111" }),
        bucket: externalS3({ region: "eu-central-1", prefix: "comind-ops-staging" }),
      },
    },
    prod: {
      loadBalancer: null,
      rollouts: argoRollouts(),
      apps: { storefront: { release: blueGreen({ promotion: "manual" }) } },
      providers: {
        // `addresses`: the database subnets, inside the VPC that pods are otherwise kept out of.
        postgres: externalPostgres({
          host: "postgres.prod.comind-ops.example.com",
          addresses: ["10.100.208.0/20"],
        }),
        queue: externalSqs({ region: "eu-central-1", account: "222222222222" }),
        bucket: externalS3({ region: "eu-central-1", prefix: "comind-ops-prod" }),
      },
      backup: { databases: { keep: "30d" } },
    },
  },
});
