// Options of a DigitalOcean Kubernetes cluster.

import { object, optional, string, type Tagged } from "../../../model/index.ts";
import { nodePoolSchema, type NodePool } from "../node-pool.ts";
import { dropletSize } from "./droplet-size.ts";

export interface DoksInput {
  /** Kubernetes minor, e.g. `1.35`. */
  kubernetes: string;
  /** The node pool; `size` is a Droplet slug, e.g. `s-4vcpu-8gb`. */
  nodes: NodePool;
  /** Range of pods. Default: the lock's. */
  podRange?: string;
  /** Range of Services. Default: the lock's. */
  serviceRange?: string;
}

export interface DoksOptions {
  readonly kubernetes: string;
  readonly nodes: Readonly<NodePool>;
  readonly podRange?: string;
  readonly serviceRange?: string;
}

export const doksSchema = object<DoksInput, DoksOptions>({
  kubernetes: string("kubernetesVersion"),
  nodes: nodePoolSchema(
    'a Droplet slug that says CPUs and memory such as "s-4vcpu-8gb"',
    dropletSize,
  ),
  podRange: optional(string("cidr")),
  serviceRange: optional(string("cidr")),
});

/** DigitalOcean Kubernetes. */
export function doks(
  options: DoksInput & { site: string },
): Tagged<"doks", DoksInput & { site: string }> {
  return { kind: "doks", ...options };
}
