// Values of the cilium chart. Keys as in install/kubernetes/cilium/values.yaml; chaining behind the VPC CNI as in docs.cilium.io
// "Installation using AWS CNI chaining".

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { CiliumOptions } from "./options.ts";
import {
  AGENT_METRICS,
  AGENT_RESOURCES,
  OPERATOR_METRICS,
  OPERATOR_RESOURCES,
  operatorsOf,
} from "./surface.ts";

export function ciliumValues(
  cluster: Pick<PlannedCluster, "substrate" | "nodes" | "network">,
  { encapsulation, encrypt }: CiliumOptions,
): Fields {
  return {
    ...(cluster.substrate.podNetwork === "policy-only"
      ? BEHIND_THE_CLOUD
      : ownNetwork(encapsulation, cluster.network.podRange)),
    ...(encrypt ? { encryption: { enabled: true, type: "wireguard" } } : {}),
    // Layer 7 is parsed in the agent: one daemon a node.
    envoy: { enabled: false },
    // What the platform's NetworkPolicies select is closed, everything else stays as it was.
    policyEnforcementMode: "default",
    hubble: { enabled: false },
    resources: AGENT_RESOURCES,
    prometheus: { enabled: true, port: AGENT_METRICS },
    operator: {
      replicas: operatorsOf(cluster),
      resources: OPERATOR_RESOURCES,
      prometheus: { enabled: true, port: OPERATOR_METRICS },
    },
  };
}

/** Addresses and routes stay the cloud's; Cilium decides what passes. */
const BEHIND_THE_CLOUD: Fields = {
  cni: { chainingMode: "aws-cni", exclusive: false },
  enableIPv4Masquerade: false,
  routingMode: "native",
};

/** Each node's part of the range is the one the controller manager gave it. */
function ownNetwork(encapsulation: CiliumOptions["encapsulation"], podRange: string): Fields {
  return {
    ipam: { mode: "kubernetes" },
    ...(encapsulation === "none"
      ? { routingMode: "native", ipv4NativeRoutingCIDR: podRange, autoDirectNodeRoutes: true }
      : { routingMode: "tunnel", tunnelProtocol: encapsulation }),
  };
}
