// Everyone who can send or receive packets on one cluster: pods, and outside addresses cut into regions that no policy and
// no flow tells apart, so that one address of each stands for all of it.

import type { AddressRange, Cidr } from "../../core/index.ts";
import {
  formatRange,
  formatAddress,
  parseCidr,
  parseRange,
  rangeContains,
} from "../../core/index.ts";
import type { NetworkParty, NetworkPod, NetworkPolicy } from "../../kubernetes/index.ts";
import type { Flow, PlannedCluster, Workload } from "../../model/index.ts";

export interface PodParty {
  readonly kind: "pod";
  readonly name: string;
  readonly pod: NetworkPod;
  /** Absent for the cluster's own DNS. */
  readonly workload?: Workload;
  /** Lives in a namespace whose traffic the platform decides. */
  readonly governed: boolean;
  readonly party: NetworkParty;
}

export interface AddressParty {
  readonly kind: "address";
  readonly name: string;
  readonly range: AddressRange;
  readonly party: NetworkParty;
}

export type Party = PodParty | AddressParty;

export const DNS_PARTY = "cluster DNS";

export function podParties(
  workloads: readonly Workload[],
  { namespaces, network, substrate }: PlannedCluster,
): PodParty[] {
  const governed = new Set(
    namespaces.filter(({ tenancy }) => tenancy !== "system").map(({ name }) => name),
  );
  const own = workloads
    .filter(({ hostNetwork }) => hostNetwork !== true)
    .map((workload) => {
      const { namespace, name, labels } = workload;
      const namedPorts = workload.ports.map((port) => ({ ...port }));
      const pod = { namespace, labels, namedPorts, address: network.podRange };
      return podParty(`${namespace}/${name}`, pod, governed.has(namespace), workload);
    });
  const dns = {
    namespace: "kube-system",
    labels: substrate.dnsLabels,
    namedPorts: [],
    address: network.podRange,
  };
  return [...own, podParty(DNS_PARTY, dns, false)];
}

function podParty(name: string, pod: NetworkPod, governed: boolean, workload?: Workload): PodParty {
  const party = { kind: "pod", pod } as const;
  return { kind: "pod", name, pod, governed, party, ...(workload ? { workload } : {}) };
}

/** Regions of the IPv4 space outside pods and Services; IPv6 only where somebody speaks of it. */
export function addressParties(
  policies: readonly NetworkPolicy[],
  flows: readonly Flow[],
  { network }: PlannedCluster,
): AddressParty[] {
  const inside = [network.podRange, network.serviceRange].map(rangeOf).filter(isPresent);
  const texts = [
    ...policies.flatMap(({ ingress, egress }) => [...ingress, ...egress].flatMap(blocksOf)),
    ...flows.flatMap(({ from, to }) => [...addressesOf(from), ...addressesOf(to)]),
    network.nodeRange,
    LINK_LOCAL,
  ];
  const ranges = [...texts.map(rangeOf).filter(isPresent), ...inside, EVERYWHERE];
  return regionsOf(ranges)
    .filter((region) => !inside.some((range) => rangeContains(range, region)))
    .map((range) => {
      const address = formatAddress(range.start, range.version);
      return {
        kind: "address",
        name: formatRange(range),
        range,
        party: { kind: "address", address },
      };
    });
}

/** Cloud metadata services answer there. */
export const LINK_LOCAL = "169.254.0.0/16";
const EVERYWHERE: AddressRange = { version: 4, start: 0n, end: 0xffff_ffffn };

function blocksOf({ peers = [] }: NetworkPolicy["ingress"][number]): string[] {
  return peers.flatMap(({ ipBlock }) =>
    ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])],
  );
}

function addressesOf(endpoint: Flow["from"]): readonly string[] {
  return endpoint.kind === "external" ? endpoint.addresses : [];
}

/** Cuts the union of ranges at every boundary of any of them. */
function regionsOf(ranges: readonly AddressRange[]): AddressRange[] {
  return ([4, 6] as const).flatMap((version) => {
    const same = ranges.filter((range) => range.version === version);
    const cuts = [...new Set(same.flatMap(({ start, end }) => [start, end + 1n]))];
    const sorted = cuts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return sorted.slice(0, -1).flatMap((start, index) => {
      const region = { version, start, end: (sorted[index + 1] ?? start + 1n) - 1n };
      return same.some((range) => rangeContains(range, region)) ? [region] : [];
    });
  });
}

export function rangeOf(text: string): Cidr | AddressRange | undefined {
  return parseCidr(text) ?? parseRange(text);
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
