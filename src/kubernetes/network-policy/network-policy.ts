// The fields of a NetworkPolicy the evaluator reads (networking.k8s.io/v1), and its reading of a live or emitted object.

import { isRecord } from "../../core/index.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { KubernetesObject } from "../object.ts";

export type PolicyDirection = "Ingress" | "Egress";

export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface NetworkPolicyPort {
  readonly protocol?: "TCP" | "UDP" | "SCTP";
  /** A number, or the name of a container port. */
  readonly port?: number | string;
  readonly endPort?: number;
}

/** One rule of either direction: `from` and `to` are the same thing here. */
export interface NetworkPolicyRule {
  /** Empty or absent: everyone. */
  readonly peers?: readonly NetworkPolicyPeer[];
  /** Empty or absent: every port. */
  readonly ports?: readonly NetworkPolicyPort[];
}

export interface NetworkPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: LabelSelector;
  readonly directions: readonly PolicyDirection[];
  readonly ingress: readonly NetworkPolicyRule[];
  readonly egress: readonly NetworkPolicyRule[];
}

/** Reads an object that has passed its schema; `policyTypes` defaults as the API server does it. */
export function networkPolicyOf({ metadata, spec }: KubernetesObject): NetworkPolicy {
  const fields = isRecord(spec) ? spec : {};
  const ingress = rulesIn(fields["ingress"], "from");
  const egress = rulesIn(fields["egress"], "to");
  const implied: PolicyDirection[] = egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  const types = fields["policyTypes"];
  return {
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    // The schema has checked the shape of selectors, peers and ports.
    podSelector: (fields["podSelector"] ?? {}) as LabelSelector,
    directions: Array.isArray(types) ? (types as PolicyDirection[]) : implied,
    ingress,
    egress,
  };
}

function rulesIn(rules: unknown, peerField: "from" | "to"): NetworkPolicyRule[] {
  if (!Array.isArray(rules)) return [];
  return rules.filter(isRecord).map((rule) => ({
    peers: (rule[peerField] ?? []) as readonly NetworkPolicyPeer[],
    ports: (rule["ports"] ?? []) as readonly NetworkPolicyPort[],
  }));
}
