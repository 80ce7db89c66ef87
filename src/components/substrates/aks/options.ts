// Options of an AKS cluster.

import { integer, object, optional, string, type Tagged } from "../../../model/index.ts";
import { nodePoolSchema, type NodePool } from "../node-pool.ts";
import { vmSize } from "./vm-size.ts";

export interface AksInput {
  /** Kubernetes minor, e.g. `1.35`. */
  kubernetes: string;
  /** The node pool; `size` is a VM size, e.g. `Standard_D4s_v5`. */
  nodes: NodePool;
  /** Availability zones the nodes stand in. Default 3. */
  zones?: number;
  /** Overlay range of pods. Default: the lock's. */
  podRange?: string;
  /** Range of Services. Default: the lock's. */
  serviceRange?: string;
}

export interface AksOptions {
  readonly kubernetes: string;
  readonly nodes: Readonly<NodePool>;
  readonly zones: number;
  readonly podRange?: string;
  readonly serviceRange?: string;
}

export const aksSchema = object<AksInput, AksOptions>({
  kubernetes: string("kubernetesVersion"),
  nodes: nodePoolSchema('a VM size of the series D or E such as "Standard_D4s_v5"', vmSize),
  zones: optional(integer({ min: 1, max: 3 }), 3),
  podRange: optional(string("cidr")),
  serviceRange: optional(string("cidr")),
});

/** Azure Kubernetes Service. */
export function aks(
  options: AksInput & { site: string },
): Tagged<"aks", AksInput & { site: string }> {
  return { kind: "aks", ...options };
}
