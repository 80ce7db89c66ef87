// Ranges that route to each other must not overlap: within a cluster always, and between the clusters of one environment,
// which fail over to each other, and those of linked sites, whatever they are for. Addresses handed to load balancers lie on the nodes' network instead.

import type { Diagnostic, Path } from "../../core/index.ts";
import {
  defineDiagnostic,
  parseCidr,
  parseRange,
  rangeContains,
  rangesOverlap,
} from "../../core/index.ts";
import type { PlannedCluster } from "../../model/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const overlappingRanges = defineDiagnostic<{
  first: string;
  second: string;
  elsewhere: Path;
}>({
  code: "verify/overlapping-ranges",
  severity: "error",
  message: ({ first, second }) => `${first} overlaps ${second}`,
  hint: () => "set one of the two ranges explicitly",
  related: ({ elsewhere, second }) => [{ path: elsewhere, message: second }],
});

export const loadBalancerOutside = defineDiagnostic<{ range: string; nodes: string }>({
  code: "verify/load-balancer-outside",
  severity: "error",
  message: ({ range, nodes }) =>
    `load balancer addresses ${range} are not on the nodes' network ${nodes}`,
});

interface NamedRange {
  readonly text: string;
  readonly label: string;
  readonly path: Path;
}

export const checkAddressRanges: Check = function* (view) {
  const { cluster } = view;
  const own = rangesOf(cluster);
  yield* clashes(own, own);
  for (const other of neighboursOf(view)) yield* clashes(own, rangesOf(other));
  yield* clashes(own, linksOf(view));
  yield* checkLoadBalancer(cluster);
};

/** Later clusters that packets can reach: each pair is looked at once. A cluster of several environments is one cluster. */
function neighboursOf({ cluster, compiled, plan }: TargetView): PlannedCluster[] {
  const linked = new Set(
    plan.links
      .filter(({ between }) => between.includes(cluster.site.name))
      .flatMap(({ between }) => between),
  );
  const clusters = compiled.targets.map((target) => target.cluster);
  return clusters
    .slice(clusters.indexOf(cluster) + 1)
    .filter(({ name }) => name !== cluster.name)
    .filter(
      ({ environment, site }) => environment === cluster.environment || linked.has(site.name),
    );
}

/** The addresses of the links of this cluster's site. */
function linksOf({ cluster, plan }: TargetView): NamedRange[] {
  return plan.links
    .filter(({ between }) => between.includes(cluster.site.name))
    .flatMap(({ component, facts: { network }, path }) =>
      network === undefined
        ? []
        : [{ text: network, label: `the ${component} link's own range ${network}`, path }],
    );
}

function rangesOf({ name, network }: PlannedCluster): NamedRange[] {
  const path = ["clusters", name];
  return [
    { text: network.podRange, label: `pod range ${network.podRange} of ${name}`, path },
    { text: network.serviceRange, label: `service range ${network.serviceRange} of ${name}`, path },
    { text: network.nodeRange, label: `node range ${network.nodeRange} of ${name}`, path },
  ];
}

function* clashes(left: readonly NamedRange[], right: readonly NamedRange[]): Iterable<Diagnostic> {
  for (const [index, first] of left.entries()) {
    for (const second of left === right ? right.slice(index + 1) : right) {
      if (!overlap(first, second) || isSharedNetwork(first, second)) continue;
      yield overlappingRanges(first.path, {
        first: first.label,
        second: second.label,
        elsewhere: second.path,
      });
    }
  }
}

/**
 * Two clusters of one site stand on the same machines' network, and pods may have addresses of that network themselves
 * (the AWS VPC CNI): the same range then, not an overlap of two.
 */
function isSharedNetwork(first: NamedRange, second: NamedRange): boolean {
  return first.text === second.text && second.label.startsWith("node");
}

function overlap(first: NamedRange, second: NamedRange): boolean {
  const [a, b] = [parseCidr(first.text), parseCidr(second.text)];
  return a !== undefined && b !== undefined && rangesOverlap(a, b);
}

function* checkLoadBalancer({ name, network }: PlannedCluster): Iterable<Diagnostic> {
  if (network.loadBalancerRange === undefined) return;
  const [range, nodes] = [parseRange(network.loadBalancerRange), parseCidr(network.nodeRange)];
  if (range === undefined || nodes === undefined || rangeContains(nodes, range)) return;
  const facts = { range: network.loadBalancerRange, nodes: network.nodeRange };
  yield loadBalancerOutside(["clusters", name], facts);
}
