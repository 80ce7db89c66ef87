// Defaults of networking.k8s.io/v1 and discovery.k8s.io/v1.
// Source: kubernetes v1.36.2 pkg/apis/networking/v1/defaults.go and pkg/apis/discovery/v1/defaults.go.

import type { DefaultRules } from "./default-rules.ts";

const PORT: DefaultRules = { set: { protocol: "TCP" } };

export const NETWORK_POLICY: DefaultRules = {
  within: {
    spec: {
      set: {
        policyTypes: ({ egress }) =>
          Array.isArray(egress) && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"],
      },
      each: { ingress: { each: { ports: PORT } }, egress: { each: { ports: PORT } } },
    },
  },
};

export const INGRESS_CLASS: DefaultRules = {
  within: { spec: { within: { parameters: { set: { scope: "Cluster" } } } } },
};

export const ENDPOINT_SLICE: DefaultRules = {
  each: { ports: { set: { name: "", protocol: "TCP" } } },
};
