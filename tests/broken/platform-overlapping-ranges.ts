// Services inside the machines' network, as Talos' default would have it (T-08).
import {
  argocd,
  definePlatform,
  existing,
  nginxGatewayFabric,
  onPremise,
  sealedSecrets,
} from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { office: onPremise({ network: "10.100.0.0/16" }) },
  clusters: { office: existing({ site: "office", serviceRange: "10.96.0.0/12" }) },
  environments: { prod: { clusters: ["office"], scale: "single" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: nginxGatewayFabric(),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: { image: "ghcr.io/example/web:1.0.0", route: { host: "web", port: 8080 } },
  },
});
