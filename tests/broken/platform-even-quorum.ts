// Two members of a raft cluster: losing either stops the other.
import {
  argocd,
  definePlatform,
  developerMachine,
  k3d,
  metallb,
  nginxGatewayFabric,
  openbao,
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
  secrets: { sealed: sealedSecrets(), bao: openbao({ replicas: 2 }) },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
    },
  },
});
