// The pools of simulated nodes, as a provider's API would list them: bounds stand on the nodes themselves, in labels the runtime
// gives them, so that whoever scales them needs nothing but the cluster.

import {
  formatAddress,
  formatCidr,
  formatInstant,
  invariant,
  parseCidr,
} from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import type { Node } from "../../kubernetes/index.ts";

const POOL = "simulation.keelson.dev/pool";
const POOL_MIN = "simulation.keelson.dev/pool-min";
const POOL_MAX = "simulation.keelson.dev/pool-max";
const ZONE = "topology.kubernetes.io/zone";

/** How a pool is told by its nodes. */
export const poolLabels = (name: string, min: number, max: number): Record<string, string> => ({
  [POOL]: name,
  [POOL_MIN]: String(min),
  [POOL_MAX]: String(max),
});

export interface NodePoolState {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly nodes: readonly Node[];
}

export function poolsOf(nodes: readonly Node[]): NodePoolState[] {
  const names = new Set(nodes.flatMap(({ metadata }) => metadata.labels?.[POOL] ?? []));
  return [...names].toSorted().map((name) => {
    const own = nodes.filter(({ metadata }) => metadata.labels?.[POOL] === name);
    const bound = (label: string): number => Number(own[0]?.metadata.labels?.[label] ?? own.length);
    return { name, min: bound(POOL_MIN), max: bound(POOL_MAX), nodes: own };
  });
}

/** What a further node would be: like the others of its pool, in the zone with the fewest of them. */
export function furtherNode(
  { name: pool, nodes }: NodePoolState,
  all: readonly Node[],
  now: InstantMs,
): Node {
  const template = nodes.toSorted((a, b) => inZone(nodes, a) - inZone(nodes, b))[0];
  invariant(template !== undefined, `pool ${pool} has a node to make others like`);
  const name = freeName(template, all);
  const podCIDR = nextRange(all);
  const { spec, status, metadata } = template;
  const at = formatInstant(now);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { ...metadata.labels, "kubernetes.io/hostname": name },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
    },
    spec: {
      podCIDR,
      podCIDRs: [podCIDR],
      providerID: (spec?.providerID ?? "").replace(metadata.name, name),
      ...(spec?.taints === undefined ? {} : { taints: spec.taints.filter(isOfPool) }),
    },
    status: {
      ...status,
      conditions: (status?.conditions ?? []).map((condition) => ({
        ...condition,
        status: condition.type === "Ready" ? "True" : "False",
        lastHeartbeatTime: at,
        lastTransitionTime: at,
      })),
      addresses: [
        { type: "InternalIP", address: nextAddress(all) },
        { type: "Hostname", address: name },
      ],
    },
  };
}

/** Not what somebody hung on the one node. */
const isOfPool = ({ key }: { readonly key: string }): boolean =>
  !key.startsWith("node.kubernetes.io/") && !key.includes("ClusterAutoscaler");

function inZone(nodes: readonly Node[], { metadata }: Node): number {
  const zone = metadata.labels?.[ZONE];
  return nodes.filter((node) => node.metadata.labels?.[ZONE] === zone).length;
}

function freeName({ metadata }: Node, all: readonly Node[]): string {
  const prefix = metadata.name.replace(/-\d+$/, "");
  const taken = new Set(all.map((node) => node.metadata.name));
  let index = 0;
  while (taken.has(`${prefix}-${index}`)) index += 1;
  return `${prefix}-${index}`;
}

/** The range after the last one in use: ranges of nodes are dealt out in order and are equally large. */
function nextRange(all: readonly Node[]): string {
  const ranges = all.flatMap(({ spec }) => parseCidr(spec?.podCIDR ?? "") ?? []);
  const last = ranges.reduce((a, b) => (b.end > a.end ? b : a));
  return formatCidr({ ...last, start: last.end + 1n });
}

function nextAddress(all: readonly Node[]): string {
  const used = all.flatMap(({ status }) =>
    (status?.addresses ?? [])
      .filter(({ type }) => type === "InternalIP")
      .flatMap(({ address }) => parseCidr(`${address}/32`)?.start ?? []),
  );
  const last = used.reduce((a, b) => (b > a ? b : a), 0n);
  return formatAddress(last + 1n, 4);
}
