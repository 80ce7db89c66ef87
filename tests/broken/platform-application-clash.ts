// An app with the name of one of the platform's own folders.
import {
  argocd,
  definePlatform,
  developerMachine,
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
  apps: {
    networking: {
      image: "ghcr.io/example/networking:1.0.0",
      route: { host: "net", port: 8080 },
    },
  },
});
