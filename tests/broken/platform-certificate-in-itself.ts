// Vault starts with a certificate that would be read from Vault.
import {
  argocd,
  definePlatform,
  developerMachine,
  externalSecrets,
  k3d,
  metallb,
  nginxGatewayFabric,
  vault,
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
  secrets: { kept: externalSecrets({ vault: {} }), vault: vault({ tls: true }) },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
    },
  },
});
