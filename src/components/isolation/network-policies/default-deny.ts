// Everything that is not a flow is refused, in both directions, in every namespace Keelson owns.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { systemLabels } from "../../manifests/index.ts";

export function defaultDeny(platform: string, namespace: string): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: "default-deny",
      namespace,
      labels: systemLabels(platform, "network-policies", "default-deny"),
    },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}
