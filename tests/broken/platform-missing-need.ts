// An app that needs a database nobody declared.
import {
  argocd,
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
  loadBalancer: metallb({ addresses: "172.18.255.200-172.18.255.250" }),
  secrets: { sealed: sealedSecrets() },
  databases: { orders: postgres() },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
      needs: ["order"],
    },
  },
});
