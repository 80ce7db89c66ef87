// Three replicas of a database on disks that hold two of them (T-03).
import {
  argocd,
  cloudnativePg,
  definePlatform,
  existing,
  nginxGatewayFabric,
  onPremise,
  postgres,
  sealedSecrets,
} from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { office: onPremise({ network: "10.30.0.0/16" }) },
  clusters: {
    office: existing({
      site: "office",
      serviceRange: "10.97.0.0/16",
      nodes: { count: 3, cpu: "8", memory: "16Gi", storage: "15Gi" },
    }),
  },
  environments: { prod: { clusters: ["office"], scale: "highly-available" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: nginxGatewayFabric(),
  secrets: { sealed: sealedSecrets() },
  providers: { postgres: cloudnativePg() },
  databases: { orders: postgres({ storage: "20Gi", instances: 3 }) },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
      needs: ["orders"],
    },
  },
});
