// Options of an EKS cluster.

import { boolean, integer, object, optional, string, type Tagged } from "../../../model/index.ts";
import { nodePoolSchema, type NodePool } from "../node-pool.ts";
import { instanceSize } from "./instance-size.ts";

export interface EksInput {
  /** Kubernetes minor, e.g. `1.35`. */
  kubernetes: string;
  /** The node group; `size` is an EC2 type, e.g. `m6i.large`. */
  nodes: NodePool;
  /**
   * The VPC CNI add-on runs with `enableNetworkPolicy`. Without it no NetworkPolicy has any effect, which the checks refuse.
   * Default false, as in the add-on.
   */
  networkPolicy?: boolean;
  /** Availability zones the nodes stand in. Default 3. */
  zones?: number;
  /** Range of Services. Default 172.20.0.0/16. */
  serviceRange?: string;
}

export interface EksOptions {
  readonly kubernetes: string;
  readonly nodes: Readonly<NodePool>;
  readonly networkPolicy: boolean;
  readonly zones: number;
  readonly serviceRange?: string;
}

export const eksSchema = object<EksInput, EksOptions>({
  kubernetes: string("kubernetesVersion"),
  nodes: nodePoolSchema(
    'an EC2 type of the families c, m, r or t such as "m6i.large"',
    instanceSize,
  ),
  networkPolicy: optional(boolean(), false),
  zones: optional(integer({ min: 1, max: 6 }), 3),
  serviceRange: optional(string("cidr")),
});

/** Amazon EKS. */
export function eks(
  options: EksInput & { site: string },
): Tagged<"eks", EksInput & { site: string }> {
  return { kind: "eks", ...options };
}
