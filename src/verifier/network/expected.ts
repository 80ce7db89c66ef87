// What the graph's flows allow between two parties. Read from the flows alone, so that it can disagree with the policies.

import type { AddressRange } from "../../core/index.ts";
import { rangeContains, rangesOverlap } from "../../core/index.ts";
import type { PortSet } from "../../kubernetes/index.ts";
import { NO_PORTS, portRange, unitePorts } from "../../kubernetes/index.ts";
import type { Endpoint, Flow, PlannedCluster, Workload } from "../../model/index.ts";
import type { Party, PodParty } from "./parties.ts";
import { DNS_PARTY, LINK_LOCAL, rangeOf } from "./parties.ts";

export interface ExpectedTraffic {
  ports(from: Party, to: Party): PortSet;
  flows(from: Party, to: Party): readonly Flow[];
}

type WorkloadOf = (namespace: string, name: string) => Workload | undefined;

export function expectedTraffic(
  flows: readonly Flow[],
  parties: readonly Party[],
  cluster: PlannedCluster,
  workload: WorkloadOf,
): ExpectedTraffic {
  const isEnd = (endpoint: Endpoint, party: Party): boolean =>
    party.kind === "pod"
      ? isPodEnd(endpoint, party) || isNodeLike(endpoint, party, cluster, workload)
      : isAddressEnd(endpoint, (range) => rangeContains(range, party.range), cluster, workload);
  // Many flows end at the same few places.
  const known = new Map<string, readonly Party[]>();
  const endsOf = (endpoint: Endpoint): readonly Party[] => {
    const key = JSON.stringify(endpoint);
    const ends = known.get(key) ?? parties.filter((party) => isEnd(endpoint, party));
    known.set(key, ends);
    return ends;
  };
  const byPair = new Map<Party, Map<Party, Flow[]>>();
  for (const flow of flows) {
    const sources = endsOf(flow.from);
    const destinations = endsOf(flow.to);
    for (const from of sources) {
      const row = byPair.get(from) ?? new Map<Party, Flow[]>();
      byPair.set(from, row);
      for (const to of destinations) row.set(to, [...(row.get(to) ?? []), flow]);
    }
  }
  const between = (from: Party, to: Party): readonly Flow[] => byPair.get(from)?.get(to) ?? [];
  return {
    flows: between,
    ports: (from, to) =>
      between(from, to)
        .map(({ protocol, port }) => portRange(protocol, port))
        .reduce(unitePorts, NO_PORTS),
  };
}

function isPodEnd(endpoint: Endpoint, { workload, name, governed }: PodParty): boolean {
  switch (endpoint.kind) {
    case "workload":
      return workload?.namespace === endpoint.namespace && workload.name === endpoint.name;
    case "every-workload":
      return governed;
    case "cluster-dns":
      return name === DNS_PARTY;
    case "api-server":
    case "nodes":
    case "external":
    case "internet":
      return false;
  }
}

/**
 * Where pods take their addresses from the nodes' network, a flow to that network cannot be told from a flow to a pod by
 * its address. Pods of the platform refuse it themselves; those of the distribution are part of what the flow opens.
 */
function isNodeLike(
  endpoint: Endpoint,
  { governed }: PodParty,
  cluster: PlannedCluster,
  workload: WorkloadOf,
): boolean {
  const { podRange, nodeRange } = cluster.network;
  const pods = rangeOf(podRange);
  if (governed || pods === undefined || podRange !== nodeRange) return false;
  // Which of the network's addresses the pod has is not known beforehand.
  return isAddressEnd(endpoint, (range) => rangesOverlap(range, pods), cluster, workload);
}

/** `covers` says whether a range speaks of the party. */
function isAddressEnd(
  endpoint: Endpoint,
  covers: (range: AddressRange) => boolean,
  { network }: PlannedCluster,
  workload: WorkloadOf,
): boolean {
  const inside = (text: string): boolean => {
    const range = rangeOf(text);
    return range !== undefined && covers(range);
  };
  switch (endpoint.kind) {
    case "workload":
      // A pod on the node's network speaks with the node's address.
      return (
        workload(endpoint.namespace, endpoint.name)?.hostNetwork === true &&
        inside(network.nodeRange)
      );
    case "api-server":
    case "nodes":
      return inside(network.nodeRange);
    case "external":
      if (endpoint.addresses.length > 0) return endpoint.addresses.some(inside);
      return !inside(network.podRange) && !inside(LINK_LOCAL);
    case "internet":
      return !inside(network.podRange);
    case "every-workload":
    case "cluster-dns":
      return false;
  }
}
