// An app with a name from outside, and nothing that lets requests in.
import { argocd, definePlatform, developerMachine, k3d, sealedSecrets } from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { laptop: developerMachine() },
  clusters: { local: k3d({ site: "laptop" }) },
  environments: { dev: { clusters: ["local"], scale: "single" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: { image: "ghcr.io/example/web:1.0.0", route: { host: "shop", port: 8080 } },
  },
});
