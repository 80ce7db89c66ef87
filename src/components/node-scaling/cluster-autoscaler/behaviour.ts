// How the Cluster Autoscaler acts inside an embedded cluster: every ten seconds it looks for pods that wait and nodes that are
// hardly used, and buys or drains. Mirrors kubernetes/autoscaler cluster-autoscaler-1.35.2: core/static_autoscaler.go, defaults of
// config/{const,flags/flags}.go, events of processors/status/eventing_scale_up_processor.go and core/scaledown/actuation/
// {actuator,drain,delete_in_batch}.go; a bought node takes three minutes, the lower of what FAQ.md expects on GCE.

import type { InstantMs } from "../../../core/index.ts";
import {
  NODE,
  StatusError,
  type ControllerContext,
  type ControllerFactory,
  type KindRef,
  type KubernetesObject,
  type Node,
  type Pod,
} from "../../../kubernetes/index.ts";
import type { Behaviour } from "../../../model/index.ts";
import { poolsOf } from "../node-pools.ts";
import { movable, utilizationOf } from "./scale-down.ts";
import { isUnschedulable, planScaleUp } from "./scale-up.ts";

const POD: KindRef = { apiVersion: "v1", kind: "Pod" };
const LEASE: KindRef = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
const LEASE_NAMESPACE = "kube-node-lease";

const SCAN_MS = 10_000;
const MINUTE_MS = 60_000;
const PROVISION_MS = 3 * MINUTE_MS;
/** `--scale-down-delay-after-add`, `--scale-down-unneeded-time`, `--scale-down-utilization-threshold`. */
const AFTER_ADD_MS = 10 * MINUTE_MS;
const UNNEEDED_MS = 10 * MINUTE_MS;
const HARDLY_USED = 0.5;
const TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

export const behaviour: Behaviour = {
  source: "kubernetes/autoscaler cluster-autoscaler-1.35.2 core, processors/status, FAQ.md",
  controllers: () => [nodePoolController],
};

/** What it knows beside the cluster; forgotten when it starts anew, as by the original. */
interface Memory {
  readonly bought: Map<
    string,
    { readonly node: Node; readonly like: string; readonly at: InstantMs }
  >;
  readonly unneededSince: Map<string, InstantMs>;
  readonly draining: Set<string>;
  readonly told: Set<string>;
  /** Pods whose eviction was announced. */
  readonly evicted: Set<string>;
  addedAt: InstantMs;
}

const nodePoolController: ControllerFactory = (context) => {
  const nodes = context.informer(NODE);
  const pods = context.informer(POD);
  const memory: Memory = {
    bought: new Map(),
    unneededSince: new Map(),
    draining: new Set(),
    told: new Set(),
    evicted: new Set(),
    addedAt: Number.NEGATIVE_INFINITY,
  };
  return {
    name: "cluster-autoscaler",
    setup(enqueue) {
      pods.onChange((current) => {
        // Informers of a kind hold objects of that kind.
        if (current !== undefined && isUnschedulable(current as Pod)) enqueue("pools", SCAN_MS);
      });
      nodes.onChange((current, old) => {
        if (current === undefined || old === undefined) enqueue("pools", SCAN_MS);
      });
    },
    async reconcile() {
      const seen = {
        nodes: nodes.list() as readonly Node[],
        pods: pods.list() as readonly Pod[],
      };
      for (const { metadata } of seen.nodes) memory.bought.delete(metadata.name);
      await deliver(context, memory);
      const waits = await scaleUp(context, memory, seen);
      const shrinks = waits ? false : await scaleDown(context, memory, seen);
      if (!waits && !shrinks) return undefined;
      return { requeueAfterMs: SCAN_MS };
    },
  };
};

interface Seen {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
}

/** Nodes that were bought long enough ago register; they count as bought until they are seen. */
async function deliver({ api, clock }: ControllerContext, { bought }: Memory): Promise<void> {
  for (const [name, { node, like, at }] of bought) {
    if (clock.now() < at + PROVISION_MS) continue;
    const lease = await api.get({ ...LEASE, namespace: LEASE_NAMESPACE, name: like });
    const created = await api.create(node);
    await api.update({ ...created, status: node["status"] }, { subresource: "status" });
    await api.create(leaseLike(lease, name));
    bought.set(name, { node, like, at: Number.POSITIVE_INFINITY });
  }
}

function leaseLike(lease: KubernetesObject, name: string): KubernetesObject {
  const { annotations } = lease.metadata;
  return {
    ...LEASE,
    metadata: {
      name,
      namespace: LEASE_NAMESPACE,
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: { ...(lease["spec"] as object), holderIdentity: name },
  };
}

/** Whether anything waits, for a node or for one that was bought. */
async function scaleUp(
  context: ControllerContext,
  memory: Memory,
  { nodes, pods }: Seen,
): Promise<boolean> {
  const { clock } = context;
  const now = clock.now();
  const upcoming = [...memory.bought.values()].map(({ node }) => node);
  const { wanted, helped, helpless } = planScaleUp(pods, nodes, upcoming, now);
  for (const { pool, node } of wanted) {
    const like = pool.nodes.find((one) => nodes.includes(one))?.metadata.name ?? "";
    memory.bought.set(node.metadata.name, { node, like, at: now });
    memory.addedAt = now;
  }
  for (const { pod, pool } of helped) {
    const grown = wanted.filter((one) => one.pool.name === pool.name).length;
    const count = poolsOf([...nodes, ...upcoming]).find(({ name }) => name === pool.name);
    const from = count?.nodes.length ?? 0;
    const message = `pod triggered scale-up: [{${pool.name} ${from}->${from + grown} (max: ${pool.max})}]`;
    context.event(pod, "Normal", "TriggeredScaleUp", message);
  }
  // Where one of its rounds buys, it says nothing of the others; and what it repeats every ten seconds is told once.
  for (const { pod, reasons } of wanted.length > 0 ? [] : helpless) {
    const { uid = "" } = pod.metadata;
    if (memory.told.has(uid)) continue;
    memory.told.add(uid);
    const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).toSorted();
    const message = `pod didn't trigger scale-up: ${why.join(", ")}`;
    context.event(pod, "Normal", "NotTriggerScaleUp", message);
  }
  return memory.bought.size > 0 || helped.length > 0;
}

/** Whether a pool is above its floor, so that another look may find something. */
async function scaleDown(
  context: ControllerContext,
  memory: Memory,
  { nodes, pods }: Seen,
): Promise<boolean> {
  const now = context.clock.now();
  const above = poolsOf(nodes).filter((pool) => pool.nodes.length > pool.min);
  for (const node of nodes.filter(({ metadata }) => memory.draining.has(metadata.name)))
    await drain(context, memory, { node, nodes, pods });
  if (now < memory.addedAt + AFTER_ADD_MS) return above.length > 0;
  for (const pool of above) {
    const idle = pool.nodes.filter((node) => isUnneeded(node, nodes, pods));
    for (const node of pool.nodes) {
      const { name } = node.metadata;
      if (!idle.includes(node)) memory.unneededSince.delete(name);
      else if (!memory.unneededSince.has(name)) memory.unneededSince.set(name, now);
    }
    const goes = idle.find(
      ({ metadata }) => now - (memory.unneededSince.get(metadata.name) ?? now) >= UNNEEDED_MS,
    );
    if (goes === undefined || memory.draining.size > 0) continue;
    memory.draining.add(goes.metadata.name);
    await mark(context, goes);
    await drain(context, memory, { node: goes, nodes, pods });
  }
  return above.length > 0;
}

function isUnneeded(node: Node, nodes: readonly Node[], pods: readonly Pod[]): boolean {
  if (utilizationOf(node, pods) >= HARDLY_USED) return false;
  return movable(node, nodes, pods) !== undefined;
}

async function mark({ api, clock, event }: ControllerContext, node: Node): Promise<void> {
  event(node, "Normal", "ScaleDown", "marked the node as toBeDeleted/unschedulable");
  // When it was marked, in seconds: utils/taints/taints.go MarkToBeDeleted.
  const value = String(Math.floor(clock.now() / 1000));
  const mine = { key: TO_BE_DELETED, value, effect: "NoSchedule" };
  const taints = [...(node.spec?.taints ?? []), mine];
  const ref = { ...NODE, name: node.metadata.name };
  await api.patch(ref, { type: "merge", body: { spec: { taints } } });
}

interface Leaving extends Seen {
  readonly node: Node;
}

/** One pod after the other, as budgets allow; the node goes once only daemons are left on it. */
async function drain(
  { api, event }: ControllerContext,
  memory: Memory,
  { node, nodes, pods }: Leaving,
): Promise<void> {
  const { name } = node.metadata;
  const left = movable(node, nodes, pods) ?? [];
  for (const pod of left.filter((one) => one.metadata.deletionTimestamp === undefined)) {
    const { metadata } = pod;
    const { uid = "" } = metadata;
    if (!memory.evicted.has(uid))
      event(pod, "Normal", "ScaleDown", "deleting pod for node scale down");
    memory.evicted.add(uid);
    const at = { name: metadata.name, namespace: metadata.namespace ?? "" };
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: at };
    try {
      await api.create(eviction, { subresource: "eviction" });
    } catch (error) {
      // A budget asks for patience; it is tried again.
      if (!(error instanceof StatusError)) throw error;
    }
  }
  if (left.length > 0) return;
  event(node, "Normal", "ScaleDown", "nodes removed by cluster autoscaler");
  await api.delete({ ...NODE, name });
  await api.delete({ ...LEASE, namespace: LEASE_NAMESPACE, name });
  memory.draining.delete(name);
  memory.unneededSince.delete(name);
}
