// Ports of the nodes that a laptop's host ports lead to. k3d forwards `8080` of the machine to a port of every node, and with
// k3s' own service load balancer disabled only NodePorts listen there.

import type { ClusterNetwork } from "../../model/index.ts";

export interface NodePorts {
  readonly http: number;
  readonly https: number;
  readonly registry: number;
}

/** Inside Kubernetes' default range 30000–32767, each recognisable by the port it stands for. */
const NODE_PORTS: NodePorts = { http: 30_080, https: 30_443, registry: 30_500 };

/** Undefined where clusters have addresses of their own. */
export function nodePortsOf({
  hostPorts,
}: Pick<ClusterNetwork, "hostPorts">): NodePorts | undefined {
  return hostPorts === undefined ? undefined : NODE_PORTS;
}
