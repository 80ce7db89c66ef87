// Images only from a registry the app does not use.
import {
  argocd,
  definePlatform,
  developerMachine,
  gatekeeper,
  k3d,
  metallb,
  nginxGatewayFabric,
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
  policy: gatekeeper({ registries: ["docker.io/library/"] }),
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
    },
  },
});
