// The nodes of a planned cluster as an embedded cluster wants them: one set for every group.

import type { NodeSet } from "../cluster/index.ts";
import { poolLabels } from "../components/index.ts";
import type { NodeGroup, PlannedCluster } from "../model/index.ts";

/** Control planes of managed clusters are not nodes; those the plan lists are. */
export function nodeSetsOf({ name, site, network, nodes }: PlannedCluster): NodeSet[] {
  return nodes.map((group) => ({
    count: group.count,
    prefix: `${name}-${group.name}`,
    nodeCidr: network.nodeRange,
    zones: group.zones,
    capacity: capacityOf(group),
    ...(site.region === undefined ? {} : { region: site.region }),
    ...(group.role === "control-plane" ? { labels: CONTROL_PLANE } : {}),
    ...(group.max === undefined ? {} : { labels: poolLabels(group.name, group.count, group.max) }),
    ...(group.dedicated === true ? { taints: [NO_ORDINARY_PODS] } : {}),
  }));
}

const CONTROL_PLANE = { "node-role.kubernetes.io/control-plane": "true" } as const;

/** What kubeadm and Talos put on control planes. */
const NO_ORDINARY_PODS = {
  key: "node-role.kubernetes.io/control-plane",
  effect: "NoSchedule",
} as const;

/** Beside CPU and memory, what the kubelet allows by default: 110 pods. */
function capacityOf({ cpu, memory }: NodeGroup): Readonly<Record<string, string>> {
  return { cpu, memory, pods: "110", "ephemeral-storage": "100Gi" };
}
