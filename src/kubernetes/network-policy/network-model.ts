// Who takes part in a network, and the policies between them.

import type { NetworkPolicy } from "./network-policy.ts";

type Labels = Readonly<Record<string, string>>;

export interface NetworkPod {
  readonly namespace: string;
  readonly labels: Labels;
  /** Container ports that policies may call by name. */
  readonly namedPorts: readonly {
    readonly name: string;
    readonly port: number;
    readonly protocol: "TCP" | "UDP" | "SCTP";
  }[];
  readonly hostNetwork?: boolean;
  /** Where its address may be: an address or a range. An ipBlock that touches it matches; without it none does. */
  readonly address?: string;
}

export type NetworkParty =
  | { readonly kind: "pod"; readonly pod: NetworkPod }
  /** One address outside, or a range no ipBlock cuts. */
  | { readonly kind: "address"; readonly address: string };

export interface NetworkPolicyModel {
  /** Namespace → its labels. `kubernetes.io/metadata.name` is added as the API server does. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly policies: readonly NetworkPolicy[];
}
