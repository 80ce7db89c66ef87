// Options of a GKE cluster.

import { integer, object, optional, string, type Tagged } from "../../../model/index.ts";
import { nodePoolSchema, type NodePool } from "../node-pool.ts";
import { machineTypeSize } from "./machine-type-size.ts";

export interface GkeInput {
  /** Kubernetes minor, e.g. `1.35`. */
  kubernetes: string;
  /** The node pool; `size` is a machine type, e.g. `e2-standard-4`. */
  nodes: NodePool;
  /** Zones of the region the nodes stand in. Default 3. */
  zones?: number;
  /** Secondary range of pods. Default: the lock's. */
  podRange?: string;
  /** Range of Services. Default: the lock's. */
  serviceRange?: string;
}

export interface GkeOptions {
  readonly kubernetes: string;
  readonly nodes: Readonly<NodePool>;
  readonly zones: number;
  readonly podRange?: string;
  readonly serviceRange?: string;
}

export const gkeSchema = object<GkeInput, GkeOptions>({
  kubernetes: string("kubernetesVersion"),
  nodes: nodePoolSchema(
    'a machine type of the families e2, n2, n2d, n4 or c3 such as "e2-standard-4"',
    machineTypeSize,
  ),
  zones: optional(integer({ min: 1, max: 4 }), 3),
  podRange: optional(string("cidr")),
  serviceRange: optional(string("cidr")),
});

/** Google Kubernetes Engine. */
export function gke(
  options: GkeInput & { site: string },
): Tagged<"gke", GkeInput & { site: string }> {
  return { kind: "gke", ...options };
}
