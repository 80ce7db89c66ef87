// A component its makers have retired (T-34): it works, and a warning says what to do.
import {
  argocd,
  definePlatform,
  developerMachine,
  ingressNginx,
  k3d,
  metallb,
  sealedSecrets,
} from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { laptop: developerMachine() },
  clusters: { local: k3d({ site: "laptop" }) },
  environments: { dev: { clusters: ["local"], scale: "single" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: ingressNginx(),
  loadBalancer: metallb({ addresses: "172.18.255.200-172.18.255.250" }),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: { image: "ghcr.io/example/web:1.0.0", route: { host: "web", port: 8080 } },
  },
});
