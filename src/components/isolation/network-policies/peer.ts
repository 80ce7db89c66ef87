// One end of a flow as a NetworkPolicy peer.

import type { Endpoint, Graph, PlannedCluster } from "../../../model/index.ts";
import { invariant } from "../../../core/index.ts";
import { NAMESPACE_NAME_LABEL, TENANCY_LABEL, type Fields } from "../../manifests/index.ts";

const DNS_NAMESPACE = "kube-system";
const ANYWHERE = "0.0.0.0/0";
/** Link-local: cloud metadata services hand out credentials there. */
export const LINK_LOCAL = "169.254.0.0/16";

export interface OutsidePeer extends Fields {
  readonly ipBlock: { readonly cidr: string; readonly except: readonly string[] };
}

type Cluster = Pick<PlannedCluster, "network" | "substrate">;

/** Peers of the far end; an empty list never happens, because it would mean everywhere. */
export function peersOf(endpoint: Endpoint, cluster: Cluster, graph: Graph): Fields[] {
  switch (endpoint.kind) {
    case "workload":
      return [workloadPeer(endpoint, cluster, graph)];
    case "every-workload":
      return [
        {
          namespaceSelector: {
            matchExpressions: [{ key: TENANCY_LABEL, operator: "Exists" }],
          },
        },
      ];
    case "cluster-dns":
      return [inNamespace(DNS_NAMESPACE, cluster.substrate.dnsLabels)];
    case "api-server":
    case "nodes":
      return [nodes(cluster)];
    case "external":
      return endpoint.addresses.length === 0
        ? [outside(cluster, [LINK_LOCAL])]
        : endpoint.addresses.map((cidr) => ({ ipBlock: { cidr } }));
    case "internet":
      return [outside(cluster, [])];
  }
}

function workloadPeer(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  cluster: Cluster,
  graph: Graph,
): Fields {
  const workload = graph.workload(namespace, name);
  invariant(workload, `flow ends at workload ${namespace}/${name}, which the graph knows`);
  // A pod on the node's network speaks with the node's address; selectors never match it.
  if (workload.hostNetwork === true) return nodes(cluster);
  return inNamespace(namespace, workload.labels);
}

function nodes({ network }: Cluster): Fields {
  return { ipBlock: { cidr: network.nodeRange } };
}

function inNamespace(namespace: string, labels: Readonly<Record<string, string>>): Fields {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
    podSelector: { matchLabels: labels },
  };
}

/** Any address but the cluster's own: what is inside is reached by its own flow or not at all. */
export function outside(
  { network }: Pick<PlannedCluster, "network">,
  also: readonly string[],
): OutsidePeer {
  return {
    ipBlock: { cidr: ANYWHERE, except: [network.podRange, network.serviceRange, ...also] },
  };
}
