// Names outside and requests, where Cilium only decides behind the network of a cloud.
import {
  argocd,
  aws,
  cilium,
  definePlatform,
  eks,
  nginxGatewayFabric,
  sealedSecrets,
} from "keelson";

export default definePlatform({
  name: "harbour",
  domain: "harbour.example.com",
  sites: { cloud: aws({ region: "eu-west-1", network: "10.30.0.0/16" }) },
  clusters: {
    dock: eks({
      site: "cloud",
      kubernetes: "1.35",
      nodes: { min: 3, max: 3, size: "m6i.large" },
    }),
  },
  environments: { dev: { clusters: ["dock"], scale: "single" } },
  delivery: argocd({ repository: "https://github.com/example/harbour" }),
  ingress: nginxGatewayFabric(),
  cni: cilium({ byName: true }),
  secrets: { sealed: sealedSecrets() },
  apps: {
    web: {
      image: "ghcr.io/example/web:1.0.0",
      route: { host: "web", port: 8080 },
    },
  },
});
