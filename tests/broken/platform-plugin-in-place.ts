// A network plugin for a cluster whose provider keeps its own.
import {
  argocd,
  calico,
  definePlatform,
  digitalocean,
  doks,
  nginxGatewayFabric,
  sealedSecrets,
} from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { cloud: digitalocean({ region: "ams3", network: "10.30.0.0/16" }) },
  clusters: {
    dock: doks({
      site: "cloud",
      kubernetes: "1.35",
      nodes: { min: 3, max: 3, size: "s-4vcpu-8gb" },
    }),
  },
  environments: { dev: { clusters: ["dock"], scale: "single" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: nginxGatewayFabric(),
  cni: calico(),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
    },
  },
});
