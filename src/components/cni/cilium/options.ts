// Options of Cilium.

import { boolean, object, oneOf, optional, type Tagged } from "../../../model/index.ts";

export interface CiliumInput {
  /** How pods' packets cross between nodes: default "vxlan". Nothing where the cloud's own network carries them. */
  encapsulation?: "vxlan" | "geneve" | "none";
  /** Packets between nodes are encrypted by WireGuard. Default false. */
  encrypt?: boolean;
  /**
   * Names and requests count where the platform knows them: a party outside is reached by its name alone, and a collector may GET
   * metrics and nothing else. Lookups go through Cilium's proxy. Not behind a cloud's own network. Default false.
   */
  byName?: boolean;
}

export interface CiliumOptions {
  readonly encapsulation: "vxlan" | "geneve" | "none";
  readonly encrypt: boolean;
  readonly byName: boolean;
}

export const ciliumSchema = object<CiliumInput, CiliumOptions>({
  encapsulation: optional(oneOf(["vxlan", "geneve", "none"]), "vxlan"),
  encrypt: optional(boolean(), false),
  byName: optional(boolean(), false),
});

/** Cilium: network policies by eBPF, and the pods' network where the cloud has none of its own. */
export function cilium(options: CiliumInput = {}): Tagged<"cilium", CiliumInput> {
  return { kind: "cilium", ...options };
}
