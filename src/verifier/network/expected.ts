// What the graph's flows allow between two parties. Read from the flows alone, so that it can disagree with the policies.

import { rangeContains } from "../../core/index.ts";
import type { PortSet } from "../../kubernetes/index.ts";
import { NO_PORTS, portRange, unitePorts } from "../../kubernetes/index.ts";
import type { Endpoint, Flow, PlannedCluster, Workload } from "../../model/index.ts";
import type { AddressParty, Party, PodParty } from "./parties.ts";
import { DNS_PARTY, LINK_LOCAL, rangeOf } from "./parties.ts";

export interface ExpectedTraffic {
  ports(from: Party, to: Party): PortSet;
  flows(from: Party, to: Party): readonly Flow[];
}

export function expectedTraffic(
  flows: readonly Flow[],
  parties: readonly Party[],
  cluster: PlannedCluster,
  workload: (namespace: string, name: string) => Workload | undefined,
): ExpectedTraffic {
  const isEnd = (endpoint: Endpoint, party: Party): boolean =>
    party.kind === "pod"
      ? isPodEnd(endpoint, party)
      : isAddressEnd(endpoint, party, cluster, workload);
  const byPair = new Map<Party, Map<Party, Flow[]>>();
  for (const flow of flows) {
    const sources = parties.filter((party) => isEnd(flow.from, party));
    const destinations = parties.filter((party) => isEnd(flow.to, party));
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

function isAddressEnd(
  endpoint: Endpoint,
  { range }: AddressParty,
  { network }: PlannedCluster,
  workload: (namespace: string, name: string) => Workload | undefined,
): boolean {
  const inside = (text: string): boolean => {
    const outer = rangeOf(text);
    return outer !== undefined && rangeContains(outer, range);
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
      return endpoint.addresses.length === 0
        ? !inside(LINK_LOCAL)
        : endpoint.addresses.some(inside);
    case "internet":
      return true;
    case "every-workload":
    case "cluster-dns":
      return false;
  }
}
