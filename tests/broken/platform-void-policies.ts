// A cluster whose network ignores policies, so that default deny would be void (T-20).
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
  sites: { office: onPremise({ network: "192.168.40.0/22" }) },
  clusters: { office: existing({ site: "office", networkPolicy: false }) },
  environments: { prod: { clusters: ["office"], scale: "single" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: nginxGatewayFabric(),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: { image: "ghcr.io/example/web:1.0.0", route: { host: "web", port: 8080 } },
  },
});
