// Public services at DigitalOcean, a Talos cluster on premises that can take over, WireGuard between the two. README.md maps
// the architecture document it comes from, heading by heading. What is left out has a default; `keelson explain` shows it.
import {
  acme,
  argocd,
  certManager,
  databaseDump,
  definePlatform,
  digitalocean,
  dns01Cloudflare,
  doks,
  externalPostgres,
  externalS3,
  fluentBit,
  grafana,
  loki,
  metallb,
  metricsServer,
  nginxGatewayFabric,
  onPremise,
  postgres,
  postgresServer,
  prometheusOperator,
  sealedSecrets,
  seaweedfs,
  talos,
  velero,
  wireguard,
} from "keelson";

export default definePlatform({
  name: "tidewater",
  domain: "tidewater.example.com",

  sites: {
    cloud: digitalocean({ region: "nyc3", network: "10.100.0.0/16" }),
    office: onPremise({ network: "192.168.0.0/16" }),
  },
  // Only the machines' own part of 192.168.0.0/16 goes through the tunnel: nearly every home network lies in the rest.
  links: [wireguard({ between: ["cloud", "office"], routes: { office: ["192.168.40.0/22"] } })],

  clusters: {
    // The document asks for Kubernetes 1.28 or later; 1.28 itself gets no fixes any more. One data centre, hence one zone.
    cloud: doks({
      site: "cloud",
      kubernetes: "1.35",
      nodes: { min: 3, max: 6, size: "s-4vcpu-8gb" },
    }),
    // Ranges come from the lock: Talos' default for Services would cover the VPC, and its pods those of DOKS.
    office: talos({
      site: "office",
      kubernetes: "1.35",
      nodeRange: "192.168.40.0/24",
      controlPlanes: { count: 3, cpu: "2", memory: "4Gi" },
      workers: { count: 3, cpu: "4", memory: "16Gi" },
      networkPolicy: true,
    }),
    // Development beside it, on machines of its own, so that a mistake there never meets the standby.
    lab: talos({
      site: "office",
      kubernetes: "1.35",
      nodeRange: "192.168.41.0/24",
      controlPlanes: { count: 1, cpu: "4", memory: "8Gi" },
      workers: { count: 2, cpu: "4", memory: "8Gi" },
      networkPolicy: true,
    }),
  },
  environments: {
    // Argo CD runs in the first cluster and delivers to both.
    prod: { clusters: ["cloud", "office"], scale: "highly-available" },
    dev: { clusters: ["lab"], scale: "single" },
  },

  recovery: {
    primary: "cloud",
    standby: "office",
    rto: "4h", // 2 to 4 hours for a full cluster
    rpo: { cluster: "24h", databases: "1h" },
  },

  delivery: argocd({ repository: "https://github.com/tidewater/infrastructure" }),
  ingress: nginxGatewayFabric(),
  // TLS from Cloudflare to the ingress, and from there to the apps, by certificates it renews.
  certificates: certManager({
    issuer: acme({ email: "platform@tidewater.example.com", solver: dns01Cloudflare() }),
  }),
  // DOKS has load balancers; on premises MetalLB gives addresses, of the machines' network.
  loadBalancer: metallb({ addresses: "192.168.41.200-192.168.41.219" }),
  secrets: { sealed: sealedSecrets() },
  metrics: prometheusOperator(), // with node exporter and kube-state-metrics
  logs: loki({ to: "logs" }), // in Spaces, and on premises in its own bucket
  logShipping: fluentBit(),
  dashboards: grafana(),
  resourceMetrics: metricsServer(), // what `scale` and kubectl top read

  databases: { orders: postgres({ storage: "10Gi" }) },
  buckets: { files: {}, backups: {}, logs: {} },
  backup: {
    // Hourly: no more than the hour of `rpo.databases` is lost.
    databases: databaseDump({
      schedule: "0 * * * *",
      timeZone: "Etc/UTC",
      keep: "7d",
      to: "backups",
    }),
    // Daily: no more than the 24 hours of `rpo.cluster` are lost.
    cluster: velero({ schedule: "30 2 * * *", timeZone: "Etc/UTC", keep: "7d", to: "backups" }),
  },

  apps: {
    web: {
      image: "registry.digitalocean.com/tidewater/web",
      route: { host: "www", port: 8080, upstream: "tls" },
      needs: ["orders", "files"],
      scale: { min: 2, max: 10, cpu: 70, memory: 80 },
      resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } },
      metrics: "/metrics",
    },
  },

  roles: {
    administrators: { level: "cluster-admin", groups: ["tidewater:administrators"] },
    developers: { level: "developer", groups: ["tidewater:developers"] },
    viewers: { level: "viewer", groups: ["tidewater:viewers"] },
  },

  roadmap: {
    logs: {
      what: "metrics and logs of both clusters in one place: each has its own metrics, logs are kept of the first",
      maturity: "core",
    },
    edge: {
      what: "Cloudflare: DNS, CDN, TLS, DDoS protection, load balancing with failover to on-prem",
      maturity: "core",
    },
    "standby-data": {
      what: "replication of the database and the buckets to those on premises, within the hour",
      maturity: "core",
    },
    "shared-storage": {
      what: "NFS or Ceph volumes beside local SSDs on premises",
      maturity: "core",
    },
    provisioning: {
      what: "Terraform with its state in Spaces, Ansible, both run by GitHub Actions",
      maturity: "core",
    },
    pipelines: { what: "GitHub Actions: build, Trivy, push to the DO registry", maturity: "core" },
    "multi-region": { what: "a second region, when users are everywhere" },
    "service-mesh": { what: "Linkerd for traffic management" },
    "backups-in-several-regions": { what: "cluster backups to more than one region" },
    "cost-monitoring": { what: "cost monitoring and optimisation" },
    "zero-trust": { what: "Cilium with policies for names and paths" },
    "spot-instances": { what: "spot nodes for what may be interrupted" },
  },

  overrides: {
    dev: { recovery: null },
    prod: {
      loadBalancer: null, // DOKS has its own
      providers: {
        // DO Managed PostgreSQL, in the VPC; automated backups and point-in-time recovery are its own.
        postgres: externalPostgres({
          host: "private-orders.db.ondigitalocean.com",
          port: 25060,
          addresses: ["10.100.64.0/20"],
        }),
        bucket: externalS3({ region: "nyc3", prefix: "tidewater" }),
      },
      clusters: {
        // What fails over must not need the cloud: database and buckets of its own on premises.
        office: {
          loadBalancer: metallb({ addresses: "192.168.40.200-192.168.40.219" }),
          providers: { postgres: postgresServer(), bucket: seaweedfs({ storage: "20Gi" }) },
        },
      },
    },
  },
});
