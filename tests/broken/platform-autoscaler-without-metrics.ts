// An app that scales by CPU on a cluster where nothing measures it.
import { argocd, aws, definePlatform, eks, nginxGatewayFabric, sealedSecrets } from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { frankfurt: aws({ region: "eu-central-1", network: "10.100.0.0/16" }) },
  clusters: {
    production: eks({
      site: "frankfurt",
      kubernetes: "1.35",
      nodes: { min: 3, max: 6, size: "m6i.xlarge" },
      networkPolicy: true,
    }),
  },
  environments: { prod: { clusters: ["production"], scale: "highly-available" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: nginxGatewayFabric(),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
      scale: { min: 2, max: 4, cpu: 70 },
    },
  },
});
