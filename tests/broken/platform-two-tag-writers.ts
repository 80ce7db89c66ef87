// A tag the definition fixes and Flux writes as well.
import {
  definePlatform,
  developerMachine,
  flux,
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
  delivery: flux({
    repository: "https://github.com/example/harbour",
    credentials: "git",
    imageUpdates: {},
  }),
  ingress: nginxGatewayFabric(),
  loadBalancer: metallb({ addresses: "172.18.255.200-172.18.255.250" }),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "shop", port: 8080 },
      updates: { semver: "1.x" },
    },
  },
});
