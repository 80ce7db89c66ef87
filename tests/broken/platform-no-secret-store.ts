// Secrets are to be read from a store, and no store is named.
import {
  argocd,
  definePlatform,
  developerMachine,
  externalSecrets,
  k3d,
  metallb,
  nginxGatewayFabric,
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
  secrets: { kept: externalSecrets({ refresh: "10m" }) },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
    },
  },
});
