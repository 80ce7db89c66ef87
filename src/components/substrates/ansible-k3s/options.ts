// Options of a k3s cluster on servers that Ansible configures.

import { object, optional, string, type Tagged } from "../../../model/index.ts";
import { machinesSchema, type Machines, type MachinesSettings } from "../machines.ts";

export interface AnsibleK3sInput {
  /** Kubernetes minor, e.g. `1.35`. */
  kubernetes: string;
  /** Control planes; with embedded etcd an odd number. Default one of 4 CPU and 16Gi. */
  servers?: Machines;
  /** Machines that only run pods. Default two of 4 CPU and 16Gi. */
  agents?: Machines;
  /** Machines of this cluster, where they are not the whole site. Default: the site's network. */
  nodeRange?: string;
  /** Range of pods. Default: the lock's. */
  podRange?: string;
  /** Range of Services. Default: the lock's. */
  serviceRange?: string;
}

export interface AnsibleK3sOptions {
  readonly kubernetes: string;
  readonly servers: MachinesSettings;
  readonly agents: MachinesSettings;
  readonly nodeRange?: string;
  readonly podRange?: string;
  readonly serviceRange?: string;
}

export const ansibleK3sSchema = object<AnsibleK3sInput, AnsibleK3sOptions>({
  kubernetes: string("kubernetesVersion"),
  servers: optional(machinesSchema(1), {}),
  agents: optional(machinesSchema(2, 0), {}),
  nodeRange: optional(string("cidr")),
  podRange: optional(string("cidr")),
  serviceRange: optional(string("cidr")),
});

/** k3s on servers of one's own. */
export function ansibleK3s(
  options: AnsibleK3sInput & { site: string },
): Tagged<"ansible-k3s", AnsibleK3sInput & { site: string }> {
  return { kind: "ansible-k3s", ...options };
}
