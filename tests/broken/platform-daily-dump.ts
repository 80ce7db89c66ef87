// A dump every day, where no more than an hour of orders may be lost (T-04).
import {
  argocd,
  databaseDump,
  definePlatform,
  developerMachine,
  k3d,
  metallb,
  nginxGatewayFabric,
  postgres,
  sealedSecrets,
} from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { laptop: developerMachine() },
  clusters: { local: k3d({ site: "laptop" }) },
  environments: { dev: { clusters: ["local"], scale: "single" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: nginxGatewayFabric(),
  loadBalancer: metallb(),
  secrets: { sealed: sealedSecrets() },
  recovery: { primary: "local", rto: "4h", rpo: { databases: "1h" } },
  databases: { orders: postgres({ storage: "5Gi" }) },
  buckets: { backups: {} },
  backup: {
    databases: databaseDump({
      schedule: "0 3 * * *",
      timeZone: "Etc/UTC",
      keep: "7d",
      to: "backups",
    }),
  },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
      needs: ["orders"],
    },
  },
});
