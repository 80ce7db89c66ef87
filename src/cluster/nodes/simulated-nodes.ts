// Node objects for simulated nodes: zones, sizes, a pod range each, and everything `kubectl describe node` shows.

import {
  formatCidr,
  formatInstant,
  invariant,
  nthAddress,
  nthSubnet,
  parseCidr,
} from "../../core/index.ts";
import type { Cidr, InstantMs } from "../../core/index.ts";
import { isAlreadyExists, refOf } from "../../kubernetes/index.ts";
import type { KubeApi, Node, NodeCondition, Taint } from "../../kubernetes/index.ts";
import { leaseFor, type Heartbeat } from "./heartbeat.ts";
import { AGENT, SIMULATED } from "./node-agent.ts";

export interface SimulatedNodesOptions {
  readonly count: number;
  /** Nodes are called `<prefix>-0`, `<prefix>-1` …; default `node`. */
  readonly prefix?: string;
  /** Number of the first node; default 0. */
  readonly first?: number;
  /** All nodes that share the pod range, which decides how large each part is; default `first + count`. */
  readonly total?: number;
  /** The range that the nodes' pod ranges are cut from. */
  readonly podCidr: string;
  /** Internal addresses of the nodes; default 192.168.0.0/16. */
  readonly nodeCidr?: string;
  readonly region?: string;
  /** Nodes are dealt out to the zones in turn. */
  readonly zones?: readonly string[];
  /** Default 4 CPU, 16Gi of memory, 110 pods, 100Gi of ephemeral storage. */
  readonly capacity?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  readonly kubeletVersion?: string;
}

const DEFAULT_CAPACITY = { cpu: "4", memory: "16Gi", pods: "110", "ephemeral-storage": "100Gi" };
const DEFAULT_NODE_CIDR = "192.168.0.0/16";
/** The range kube-controller-manager gives a node by default (`--node-cidr-mask-size-ipv4`). */
const NODE_PREFIX = 24;
/** Network, gateway and broadcast address of a node's range are no pod addresses. */
const RESERVED_ADDRESSES = 3;

export function simulatedNodes(options: SimulatedNodesOptions, now: InstantMs): readonly Node[] {
  const { count, first = 0, podCidr, nodeCidr = DEFAULT_NODE_CIDR } = options;
  const [pods, addresses] = [parseCidr(podCidr), parseCidr(nodeCidr)];
  invariant(pods !== undefined && addresses !== undefined, "ranges of a cluster are validated");
  const prefix = prefixFor(pods, options.total ?? first + count);
  return Array.from({ length: count }, (_, index) =>
    simulatedNode(options, { index: first + index, pods, prefix, addresses, now }),
  );
}

/** A /24 each, or less when the range is too small for that many. */
function prefixFor(pods: Cidr, nodesCount: number): number {
  const bits = Math.ceil(Math.log2(Math.max(1, nodesCount)));
  return Math.max(NODE_PREFIX, pods.prefix + bits);
}

interface Place {
  readonly index: number;
  readonly pods: Cidr;
  readonly prefix: number;
  readonly addresses: Cidr;
  readonly now: InstantMs;
}

function simulatedNode(options: SimulatedNodesOptions, place: Place): Node {
  const { prefix: namePrefix = "node", region, zones = [], taints } = options;
  const { index, pods, prefix, addresses, now } = place;
  const name = `${namePrefix}-${index}`;
  const zone = zones[index % Math.max(1, zones.length)];
  const range = nthSubnet(pods, prefix, index);
  invariant(range !== undefined, `the pod range has room for node ${name}`);
  const podCIDR = formatCidr(range);
  const capacity = limitPods({ ...DEFAULT_CAPACITY, ...options.capacity }, prefix);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        ...(region === undefined ? {} : { "topology.kubernetes.io/region": region }),
        ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
        [AGENT]: SIMULATED,
        ...options.labels,
      },
      annotations: { [AGENT]: SIMULATED },
    },
    spec: {
      podCIDR,
      podCIDRs: [podCIDR],
      providerID: `keelson://${SIMULATED}/${name}`,
      ...(taints === undefined ? {} : { taints }),
    },
    status: {
      capacity,
      allocatable: capacity,
      conditions: healthyConditions(now),
      addresses: [
        { type: "InternalIP", address: nthAddress(addresses, 10 + index) ?? "" },
        { type: "Hostname", address: name },
      ],
      nodeInfo: nodeInfo(name, options.kubeletVersion ?? "v1.36.2"),
    },
  };
}

/** No more pods than the node has addresses for. */
function limitPods(
  capacity: Readonly<Record<string, string>>,
  prefix: number,
): Readonly<Record<string, string>> {
  const addresses = 2 ** (32 - prefix) - RESERVED_ADDRESSES;
  return { ...capacity, pods: String(Math.min(Number(capacity["pods"]), addresses)) };
}

/** What the kubelet reports of a node in good health. */
export function healthyConditions(now: InstantMs): readonly NodeCondition[] {
  const at = formatInstant(now);
  const condition = (type: string, status: "True" | "False", reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
    reason,
    message,
  });
  return [
    condition(
      "MemoryPressure",
      "False",
      "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available",
    ),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    condition(
      "PIDPressure",
      "False",
      "KubeletHasSufficientPID",
      "kubelet has sufficient PID available",
    ),
    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status (simulated)"),
  ];
}

function nodeInfo(name: string, kubeletVersion: string): Readonly<Record<string, string>> {
  return {
    machineID: name,
    systemUUID: name,
    bootID: name,
    kernelVersion: "0.0.0-simulated",
    osImage: "Simulated node",
    containerRuntimeVersion: "simulated://1",
    kubeletVersion,
    kubeProxyVersion: "",
    operatingSystem: "linux",
    architecture: "amd64",
  };
}

/** Creates nodes and their leases; those that exist already are left alone. */
export async function registerNodes(
  api: KubeApi,
  nodes: readonly Node[],
  now: InstantMs,
  heartbeat?: Heartbeat,
): Promise<void> {
  for (const node of nodes) {
    const created = await unlessThere(api.create(node));
    if (created !== undefined) {
      // Whatever has been said of the node meanwhile stays: controllers taint it as soon as they see it.
      const status = { type: "merge", body: { status: node.status } } as const;
      await api.patch(refOf(created), status, { subresource: "status" });
    }
    await unlessThere(api.create(leaseFor(node.metadata.name, now, heartbeat)));
  }
}

async function unlessThere<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    throw error;
  }
}
