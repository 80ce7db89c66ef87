// Ranges for clusters that state none: their substrate's default where that is free, else the lowest free block of a pool.
// Nothing given here ever overlaps a site's machines or another cluster's pods and services, linked or not: a link that
// comes later must not force anybody to renumber.

import type { AddressRange, Cidr, Diagnostic } from "../../core/index.ts";
import { firstFreeSubnet, formatCidr, parseCidr, parseRange } from "../../core/index.ts";
import { rangesOverlap } from "../../core/index.ts";
import type { ParsedCluster, ParsedDefinition } from "../parse/parsed-definition.ts";
import { plannedSite } from "../resolve/planned-site.ts";
import { noFreeRange } from "./diagnostics.ts";
import type { LockedRanges } from "./lock.ts";

/** RFC 1918. The upper half first: VPCs and offices number from below, and may one day be linked. */
const POOLS = ["10.128.0.0/9", "10.0.0.0/8"];
/** 256 nodes of 254 pods; the size k3s and Talos default to. */
const PODS_PREFIX = 16;
/** 4,094 Services, as GKE's managed range. */
const SERVICES_PREFIX = 20;

export interface Allocation {
  readonly ranges: Readonly<Record<string, LockedRanges>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Earlier allocations stay as they are; clusters are served in the order of their names. */
export function allocateRanges(
  definition: ParsedDefinition,
  previous: Readonly<Record<string, LockedRanges>>,
): Allocation {
  const diagnostics: Diagnostic[] = [];
  const clusters = [...definition.clusters.values()];
  const links = definition.links.map(({ component, options }) => component.facts(options).network);
  const taken = [
    ...clusters.flatMap((cluster) => statedRanges(cluster, definition)),
    ...blocksOf(links),
  ];
  const ranges: Record<string, LockedRanges> = {};
  for (const cluster of clusters) {
    const { name } = cluster;
    const kept = Object.hasOwn(previous, name) ? previous[name] : undefined;
    if (kept === undefined || statesBoth(cluster, definition)) continue;
    const { podRange, serviceRange } = networkOf(cluster, definition);
    // What the cluster states has moved already: the lock only follows.
    const now = { pods: podRange ?? kept.pods, services: serviceRange ?? kept.services };
    ranges[name] = now;
    taken.push(...blocksOf([now.pods, now.services]));
  }
  for (const cluster of clusters) {
    if (Object.hasOwn(ranges, cluster.name) || statesBoth(cluster, definition)) continue;
    const given = allocateCluster(cluster, definition, taken);
    if (Array.isArray(given)) diagnostics.push(...given);
    else ranges[cluster.name] = given;
  }
  return { ranges, diagnostics };
}

/** Marks what it gives as taken. */
function allocateCluster(
  cluster: ParsedCluster,
  definition: ParsedDefinition,
  taken: AddressRange[],
): LockedRanges | Diagnostic[] {
  const { podRange, serviceRange } = networkOf(cluster, definition);
  const { defaultPodRange, defaultServiceRange } = cluster.component.facts(cluster.options);
  const take = (stated: string | undefined, preferred: string, prefix: number) => {
    if (stated !== undefined) return stated;
    const block = freeBlock(preferred, prefix, taken);
    if (block !== undefined) taken.push(block);
    return block && formatCidr(block);
  };
  const pods = take(podRange, defaultPodRange, PODS_PREFIX);
  const services = take(serviceRange, defaultServiceRange, SERVICES_PREFIX);
  if (pods !== undefined && services !== undefined) return { pods, services };
  const use = pods === undefined ? "pods" : "services";
  return [noFreeRange(cluster.path, { cluster: cluster.name, use, pool: POOLS.at(-1) ?? "" })];
}

function freeBlock(
  preferred: string,
  prefix: number,
  taken: readonly AddressRange[],
): Cidr | undefined {
  const wanted = parseCidr(preferred);
  if (wanted !== undefined && !taken.some((range) => rangesOverlap(range, wanted))) return wanted;
  for (const text of POOLS) {
    const pool = parseCidr(text);
    const free = pool && firstFreeSubnet(pool, prefix, taken);
    if (free !== undefined) return free;
  }
  return undefined;
}

function networkOf({ component, options, site }: ParsedCluster, definition: ParsedDefinition) {
  return component.network(options, plannedSite(definition, site));
}

function statesBoth(cluster: ParsedCluster, definition: ParsedDefinition): boolean {
  const { podRange, serviceRange } = networkOf(cluster, definition);
  return podRange !== undefined && serviceRange !== undefined;
}

/** Machines, load balancer addresses and whatever the cluster states itself. */
function statedRanges(cluster: ParsedCluster, definition: ParsedDefinition): AddressRange[] {
  const { podRange, serviceRange, nodeRange, loadBalancerRange } = networkOf(cluster, definition);
  const sites = [...definition.sites.keys()].map((site) => plannedSite(definition, site).network);
  return blocksOf([podRange, serviceRange, nodeRange, loadBalancerRange, ...sites]);
}

function blocksOf(texts: readonly (string | undefined)[]): AddressRange[] {
  return texts.flatMap((text) => (text === undefined ? [] : (parseRange(text) ?? [])));
}
