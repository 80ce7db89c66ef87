// Options of a Talos cluster.

import { boolean, object, optional, string, type Tagged } from "../../../model/index.ts";
import { machinesSchema, type Machines, type MachinesSettings } from "../machines.ts";

export interface TalosInput {
  /** Kubernetes minor, e.g. `1.35`. */
  kubernetes: string;
  /** etcd wants an odd number. Default three of 4 CPU and 16Gi. */
  controlPlanes?: Machines;
  /** With none, control planes take ordinary pods. Default three of 4 CPU and 16Gi. */
  workers?: Machines;
  /** StorageClass that volumes get; Talos brings none. Default `local-path`. */
  storageClass?: string;
  /**
   * Flannel runs with `kubeNetworkPoliciesEnabled` (Talos 1.13 or later). Without it no NetworkPolicy has any effect, which
   * the checks refuse. Default false, as in Talos.
   */
  networkPolicy?: boolean;
  /** metrics-server is installed with the machines. Default false, as in Talos. */
  metricsServer?: boolean;
  /** Machines of this cluster, where they are not the whole site. Default: the site's network. */
  nodeRange?: string;
  /** Range of pods. Default: the lock's. */
  podRange?: string;
  /** Range of Services. Default: the lock's; Talos' own 10.96.0.0/12 covers much of 10.0.0.0/8. */
  serviceRange?: string;
}

export interface TalosOptions {
  readonly kubernetes: string;
  readonly controlPlanes: MachinesSettings;
  readonly workers: MachinesSettings;
  readonly storageClass: string;
  readonly networkPolicy: boolean;
  readonly metricsServer: boolean;
  readonly nodeRange?: string;
  readonly podRange?: string;
  readonly serviceRange?: string;
}

export const talosSchema = object<TalosInput, TalosOptions>({
  kubernetes: string("kubernetesVersion"),
  controlPlanes: optional(machinesSchema(3), {}),
  workers: optional(machinesSchema(3, 0), {}),
  storageClass: optional(string("dnsLabel"), "local-path"),
  networkPolicy: optional(boolean(), false),
  metricsServer: optional(boolean(), false),
  nodeRange: optional(string("cidr")),
  podRange: optional(string("cidr")),
  serviceRange: optional(string("cidr")),
});

/** Talos Linux on machines of one's own. */
export function talos(
  options: TalosInput & { site: string },
): Tagged<"talos", TalosInput & { site: string }> {
  return { kind: "talos", ...options };
}
