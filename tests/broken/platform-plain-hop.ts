// TLS is asked for on the whole way of a request, and the ingress speaks plain HTTP to the app.
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
  loadBalancer: metallb(),
  secrets: { sealed: sealedSecrets() },
  tls: {
    hops: "strict",
    except: [
      { to: "nginx-gateway/platform-nginx", reason: "a laptop has no certificate" },
      { to: "argocd/argocd-server", reason: "the page of a tool of the platform's own" },
    ],
  },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
    },
  },
});
