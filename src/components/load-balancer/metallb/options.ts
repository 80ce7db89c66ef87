// Options of MetalLB.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface MetallbInput {
  /**
   * Addresses handed to Services of type LoadBalancer: `first-last` or a range with prefix. Inside the network of the
   * nodes, and used by nothing else there. Default: what the lock allocated for the cluster.
   */
  addresses?: string;
}

export interface MetallbOptions {
  /** Settled by `resolve`. */
  readonly addresses?: string;
}

export const metallbSchema = object<MetallbInput, MetallbOptions>({
  addresses: optional(string("ipRange")),
});

/** Addresses for LoadBalancer Services where the cluster has no load balancer of its own. */
export function metallb(options: MetallbInput = {}): Tagged<"metallb", MetallbInput> {
  return { kind: "metallb", ...options };
}
