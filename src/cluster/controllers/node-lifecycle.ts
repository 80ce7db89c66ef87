// Notices silent nodes by their Lease, taints nodes by their conditions, and marks the pods of lost nodes not ready.
// Mirrors pkg/controller/nodelifecycle/node_lifecycle_controller.go: grace 50 s (since 1.32), zones emptied at a rate.

import { deepEqual, formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import {
  informerOf,
  isNodeReady,
  isNotFound,
  isReady,
  isTerminating,
  NODE,
  nodeCondition,
  refOf,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  Node,
  NodeCondition,
  Pod,
  ReconcileResult,
  Taint,
} from "../../kubernetes/index.ts";
import { lastRenewal, LEASE, LEASE_NAMESPACE, isDerived } from "../nodes/heartbeat.ts";
import { evictionIntervalMs, zoneOf, zoneState } from "./node-health.ts";
import { podsByNodeOf } from "./object-index.ts";
import { writeStatus } from "./write-status.ts";

/** `--node-monitor-grace-period`. */
const GRACE_MS = 50_000;
/** A node that never reported gets longer (`--node-startup-grace-period`). */
const STARTUP_GRACE_MS = 60_000;

const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
const BY_CONDITION: Readonly<Record<string, string>> = {
  MemoryPressure: "node.kubernetes.io/memory-pressure",
  DiskPressure: "node.kubernetes.io/disk-pressure",
  PIDPressure: "node.kubernetes.io/pid-pressure",
  NetworkUnavailable: "node.kubernetes.io/network-unavailable",
};
/** Conditions that become Unknown with the node. */
const REPORTED = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

export function nodeLifecycleController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const nodes = informerOf(context, NODE);
  const leases = informerOf(context, LEASE);
  const podsByNode = podsByNodeOf(context);
  /** Zone → when the next of its nodes may be emptied. */
  const nextEviction = new Map<string, InstantMs>();

  /** When the node counts as lost, unless it is heard of before; undefined while its heartbeats are derived. */
  const deadlineOf = (node: Node): InstantMs | undefined => {
    const lease = leases.get(node.metadata.name, LEASE_NAMESPACE);
    if (lease !== undefined && isDerived(lease)) return undefined;
    const renewed = lease && lastRenewal(lease, clock.now());
    const reported = nodeCondition(node, "Ready")?.lastHeartbeatTime;
    const heard = Math.max(renewed ?? 0, reported === undefined ? 0 : Date.parse(reported));
    if (heard > 0) return heard + GRACE_MS;
    return Date.parse(node.metadata.creationTimestamp ?? "") + STARTUP_GRACE_MS;
  };
  const markUnknown = async (node: Node): Promise<Node> => {
    const conditions = unknownConditions(node, formatInstant(clock.now()));
    await writeStatus(context, node, { ...node.status, conditions });
    if (isNodeReady(node)) {
      const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
      context.event(node, "Normal", "NodeNotReady", message);
    }
    return nodes.get(node.metadata.name) ?? node;
  };
  const markPodsNotReady = async (node: Node): Promise<void> => {
    for (const pod of podsByNode.get(node.metadata.name)) {
      if (!isReady(pod) || isTerminating(pod)) continue;
      const body = { status: { conditions: notReady(pod, formatInstant(clock.now())) } };
      try {
        await api.patch(refOf(pod), { type: "merge", body }, { subresource: "status" });
        context.event(pod, "Warning", "NodeNotReady", "Node is not ready");
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  };

  /** The NoExecute taint comes at the zone's rate; everything else at once. */
  const mayEvict = (node: Node, isTainted: boolean): EvictionVerdict => {
    const zones = new Map<string, Node[]>();
    for (const other of nodes.list()) {
      const zone = zones.get(zoneOf(other));
      if (zone === undefined) zones.set(zoneOf(other), [other]);
      else zone.push(other);
    }
    const own = zoneOf(node);
    const states = [...zones.values()].map(zoneState);
    const allDown = states.every((state) => state === "full-disruption");
    if (isTainted) return { allowed: !allDown, waitMs: undefined };
    const interval = evictionIntervalMs(zones.get(own) ?? [node], states);
    if (interval === undefined) return { allowed: false, waitMs: undefined };
    const now = clock.now();
    const next = nextEviction.get(own) ?? 0;
    if (next > now) return { allowed: false, waitMs: next - now };
    nextEviction.set(own, now + interval);
    return { allowed: true, waitMs: undefined };
  };
  const syncTaints = async (node: Node): Promise<ReconcileResult | void> => {
    const current = node.spec?.taints ?? [];
    const wanted = conditionTaints(node);
    const execute = healthTaint(node);
    const isTainted = current.some((taint) => taint.effect === "NoExecute" && isOwn(taint));
    // A tainted node keeps its taint, or changes it at once, unless every node is lost: then the fault is elsewhere.
    const eviction = execute === undefined ? undefined : mayEvict(node, isTainted);
    if (execute !== undefined && eviction?.allowed === true) {
      const timeAdded = formatInstant(clock.now());
      wanted.push({ key: execute, effect: "NoExecute", timeAdded });
    }
    const foreign = current.filter((taint) => !isOwn(taint));
    const kept = wanted.map((taint) => current.find((one) => sameTaint(one, taint)) ?? taint);
    const taints = [...foreign, ...kept];
    if (!sameTaints(taints, current)) {
      await api.patch(refOf(node), {
        type: "merge",
        body: { spec: { taints: taints.length === 0 ? null : taints } },
      });
    }
    return eviction?.waitMs === undefined ? undefined : { requeueAfterMs: eviction.waitMs };
  };

  return {
    name: "node-controller",
    setup(enqueue) {
      /** Names of nodes with trouble: a thousand healthy ones need not be looked at for each that arrives. */
      const unhealthy = new Set<string>();
      nodes.onChange((current, old) => {
        if (current === undefined) {
          unhealthy.delete(old?.metadata.name ?? "");
          return;
        }
        if (healthTaint(current) === undefined) unhealthy.delete(current.metadata.name);
        else unhealthy.add(current.metadata.name);
        const health = (node: Node | undefined): unknown => node?.status?.conditions;
        if (current.spec === old?.spec && health(current) === health(old)) return;
        enqueue(current.metadata.name);
        // A zone whose state changes lets its waiting nodes move, or stops them.
        if (
          nodeCondition(current, "Ready")?.status === (old && nodeCondition(old, "Ready")?.status)
        )
          return;
        for (const other of unhealthy) enqueue(other);
      });
      leases.onChange((current) => {
        if (current?.metadata.namespace === LEASE_NAMESPACE) enqueue(current.metadata.name);
      });
    },
    async reconcile(key) {
      let node = nodes.get(key);
      if (node === undefined) return undefined;
      const deadline = deadlineOf(node);
      const waitMs = deadline === undefined ? undefined : deadline - clock.now();
      const ready = nodeCondition(node, "Ready")?.status;
      if (waitMs !== undefined && waitMs <= 0 && ready !== "Unknown")
        node = await markUnknown(node);
      if (nodeCondition(node, "Ready")?.status === "Unknown") await markPodsNotReady(node);
      const result = await syncTaints(node);
      const waits = [waitMs, result?.requeueAfterMs].filter(
        (wait) => wait !== undefined && wait > 0,
      );
      return waits.length === 0 ? undefined : { requeueAfterMs: Math.min(...waits.map(Number)) };
    },
  };
}

interface EvictionVerdict {
  readonly allowed: boolean;
  /** When to ask again. */
  readonly waitMs: number | undefined;
}

const OWN_TAINTS: Readonly<Record<string, ReadonlySet<string>>> = {
  NoSchedule: new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(BY_CONDITION)]),
  NoExecute: new Set([NOT_READY, UNREACHABLE]),
};

/** A taint that is set and taken away here; the same key with another effect is somebody else's. */
function isOwn({ key, effect }: Taint): boolean {
  return OWN_TAINTS[effect]?.has(key) === true;
}

/** The taint for the node's readiness; undefined while it is ready, or has not reported yet. */
function healthTaint(node: Node): string | undefined {
  const status = nodeCondition(node, "Ready")?.status;
  if (status === undefined || status === "True") return undefined;
  return status === "Unknown" ? UNREACHABLE : NOT_READY;
}

function conditionTaints(node: Node): Taint[] {
  const taints: Taint[] = [];
  const health = healthTaint(node);
  if (health !== undefined) taints.push({ key: health, effect: "NoSchedule" });
  if (node.spec?.unschedulable === true) taints.push({ key: UNSCHEDULABLE, effect: "NoSchedule" });
  for (const [type, key] of Object.entries(BY_CONDITION)) {
    if (nodeCondition(node, type)?.status === "True") taints.push({ key, effect: "NoSchedule" });
  }
  return taints;
}

function sameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

function sameTaints(a: readonly Taint[], b: readonly Taint[]): boolean {
  return a.length === b.length && a.every((taint) => b.some((other) => deepEqual(taint, other)));
}

/** What the kubelet reports becomes Unknown; what it never reported is said to be so. */
function unknownConditions({ status, metadata }: Node, at: string): readonly NodeCondition[] {
  const current = status?.conditions ?? [];
  const missing = REPORTED.filter((type) => !current.some((condition) => condition.type === type));
  return [
    ...current.map((condition): NodeCondition => {
      if (!REPORTED.includes(condition.type) || condition.status === "Unknown") return condition;
      const reason = "NodeStatusUnknown";
      const message = "Kubelet stopped posting node status.";
      return { ...condition, status: "Unknown", lastTransitionTime: at, reason, message };
    }),
    ...missing.map((type): NodeCondition => ({
      type,
      status: "Unknown",
      lastHeartbeatTime: metadata.creationTimestamp ?? at,
      lastTransitionTime: at,
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
    })),
  ];
}

function notReady({ status }: Pod, at: string): readonly object[] {
  return (status?.conditions ?? []).map((condition) =>
    condition.type === "Ready"
      ? { ...condition, status: "False", lastTransitionTime: at }
      : condition,
  );
}
