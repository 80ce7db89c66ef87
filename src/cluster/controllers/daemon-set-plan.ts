// What a DaemonSet does next on its nodes: pods to create and to delete. Pure.
// Mirrors pkg/controller/daemon/{daemon_controller,update}.go.

import { isTerminal, isTerminating } from "../../kubernetes/index.ts";
import type { Node, Pod } from "../../kubernetes/index.ts";
import { REVISION_LABEL } from "./controller-revisions.ts";
import { judgeNode, nodeOfDaemonPod } from "./daemon-pod.ts";
import { scaledValue } from "./rolling-update.ts";
import type { DaemonSet } from "./workload-kinds.ts";

export interface DaemonPlan {
  /** Nodes that need a new pod. */
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
  /** Pods among `remove` that had failed. */
  readonly failed: readonly Pod[];
}

export interface DaemonInput {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  /** Hash of the present template. */
  readonly hash: string;
  isAvailable(pod: Pod): boolean;
  /** True while a pod that failed on the node has to stay before it is replaced. */
  isInBackoff?(nodeName: string): boolean;
}

export function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const nodeName = nodeOfDaemonPod(pod);
    if (nodeName === undefined) continue;
    const there = byNode.get(nodeName);
    if (there === undefined) byNode.set(nodeName, [pod]);
    else there.push(pod);
  }
  return byNode;
}

const isNew = ({ metadata }: Pod, hash: string): boolean =>
  metadata.labels?.[REVISION_LABEL] === hash;

/** First the right number on every node; only when that is so, the rolling update. */
export function planDaemonSet(input: DaemonInput): DaemonPlan {
  const placing = planPlacement(input);
  if (placing.create.length > 0 || placing.remove.length > 0) return placing;
  if (input.set.spec.updateStrategy?.type === "OnDelete") return placing;
  return planUpdate(input);
}

function planPlacement({
  set,
  nodes,
  pods,
  hash,
  isAvailable,
  isInBackoff = () => false,
}: DaemonInput): DaemonPlan {
  const byNode = podsByNode(pods);
  const create: string[] = [];
  const remove: Pod[] = [];
  const failed: Pod[] = [];
  const known = new Set<string>();
  for (const node of nodes) {
    known.add(node.metadata.name);
    const there = byNode.get(node.metadata.name) ?? [];
    const verdict = judgeNode(set, node);
    const living = there.filter((pod) => !isTerminating(pod));
    if (verdict === "remove") {
      remove.push(...living);
      continue;
    }
    const dead = isInBackoff(node.metadata.name) ? [] : living.filter(isTerminal);
    failed.push(...dead);
    remove.push(...dead);
    const running = living.filter((pod) => !isTerminal(pod));
    if (verdict === "run" && there.length === 0) create.push(node.metadata.name);
    remove.push(...surplus(running, hash, isAvailable));
  }
  for (const [nodeName, there] of byNode) {
    if (!known.has(nodeName)) remove.push(...there.filter((pod) => !isTerminating(pod)));
  }
  return { create, remove, failed };
}

/** One pod per node, or an old and a new one while surging: an old one goes when a new one is available. */
function surplus(
  running: readonly Pod[],
  hash: string,
  isAvailable: (pod: Pod) => boolean,
): readonly Pod[] {
  if (running.length <= 1) return [];
  const sorted = running.toSorted(oldestFirst);
  const fresh = sorted.filter((pod) => isNew(pod, hash));
  const stale = sorted.filter((pod) => !isNew(pod, hash));
  if (fresh.length === 0) return stale.slice(1);
  const replaced = fresh.some(isAvailable) ? stale : stale.slice(1);
  return [...fresh.slice(1), ...replaced];
}

function oldestFirst(a: Pod, b: Pod): number {
  const [created, other] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  return created < other ? -1 : created > other ? 1 : 0;
}

function planUpdate(input: DaemonInput): DaemonPlan {
  const { set, nodes, pods } = input;
  const rules = set.spec.updateStrategy?.rollingUpdate ?? {};
  const byNode = podsByNode(pods);
  const desired = nodes.filter((node) => judgeNode(set, node) === "run").length;
  const surge = scaledValue(rules.maxSurge ?? 0, desired, "up");
  const limit = Math.max(scaledValue(rules.maxUnavailable ?? 1, desired, "up"), surge > 0 ? 0 : 1);
  return surge > 0
    ? planSurge(input, byNode, surge)
    : { create: [], failed: [], remove: planReplacement(input, byNode, limit) };
}

/** Old pods that are down go at once; of the others as many as may still be missing. */
function planReplacement(
  { set, nodes, hash, isAvailable }: DaemonInput,
  byNode: ReadonlyMap<string, readonly Pod[]>,
  limit: number,
): readonly Pod[] {
  let unavailable = 0;
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  for (const node of nodes) {
    if (judgeNode(set, node) !== "run") continue;
    const there = (byNode.get(node.metadata.name) ?? []).filter((pod) => !isTerminating(pod));
    if (!there.some(isAvailable)) unavailable += 1;
    const old = there.find((pod) => !isNew(pod, hash));
    if (old === undefined) continue;
    if (isAvailable(old)) candidates.push(old);
    else broken.push(old);
  }
  return [...broken, ...candidates.slice(0, Math.max(0, limit - unavailable))];
}

/** A new pod beside an old one that is down at once, and beside others on as many nodes as the surge allows. */
function planSurge(
  { set, nodes, hash, isAvailable }: DaemonInput,
  byNode: ReadonlyMap<string, readonly Pod[]>,
  surge: number,
): DaemonPlan {
  let surging = 0;
  const broken: string[] = [];
  const waiting: string[] = [];
  for (const node of nodes) {
    if (judgeNode(set, node) !== "run") continue;
    const { name } = node.metadata;
    const living = (byNode.get(name) ?? []).filter((pod) => !isTerminating(pod));
    const fresh = living.filter((pod) => isNew(pod, hash));
    if (living.length === 0 || fresh.some(isAvailable)) continue;
    if (fresh.length > 0) surging += fresh.length < living.length ? 1 : 0;
    else if (living.some(isAvailable)) waiting.push(name);
    else broken.push(name);
  }
  const create = [...broken, ...waiting.slice(0, Math.max(0, surge - surging))];
  return { create, remove: [], failed: [] };
}
