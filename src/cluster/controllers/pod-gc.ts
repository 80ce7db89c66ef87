// Removes pods nobody will ever end: on nodes that are gone, on nodes declared out of service, terminating before they
// had a node, and the oldest of too many finished ones. Mirrors pkg/controller/podgc/gc_controller.go.

import {
  informerOf,
  isNodeReady,
  isNotFound,
  isTerminal,
  isTerminating,
  NODE,
  POD,
  refOf,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  Node,
  Pod,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { byCreation } from "./deployment-revisions.ts";
import { withDisruptionTarget } from "./disruption-target.ts";
import { podsByNodeOf } from "./object-index.ts";
import { objectKey, splitKey } from "./object-key.ts";

/** How long a node has to be gone before its pods follow (`quarantineTime`). */
const QUARANTINE_MS = 40_000;
/** `--terminated-pod-gc-threshold`. */
const TERMINATED_MAX = 12_500;
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
const NODE_GONE = { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" };
/** The queue key that counts finished pods; other keys name one pod. */
const COUNT = "count";

export function podGarbageCollector(context: ControllerContext): Controller {
  return createPodGarbageCollector(context, TERMINATED_MAX);
}

/** `terminatedMax`: how many finished pods stay. */
export function createPodGarbageCollector(
  context: ControllerContext,
  terminatedMax: number,
): Controller {
  const { api, clock } = context;
  const nodes = informerOf(context, NODE);
  const pods = informerOf(context, POD);
  const podsByNode = podsByNodeOf(context);
  const missingSince = new Map<string, number>();
  const finished = new Set<string>();

  /** Nobody is there to say that the pod has ended, so it is marked failed first. */
  const remove = async (pod: Pod, conditions = pod.status?.conditions): Promise<void> => {
    const { uid } = pod.metadata;
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    const status = { phase: "Failed", ...(conditions === undefined ? {} : { conditions }) };
    try {
      if (!isTerminal(pod)) {
        const patch = { type: "merge", body: { status } } as const;
        await api.patch(refOf(pod), patch, { subresource: "status" });
      }
      await api.delete(refOf(pod), { gracePeriodSeconds: 0, ...preconditions });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  const trimFinished = async (): Promise<void> => {
    if (finished.size <= terminatedMax) return;
    const ended = pods.list().filter(isTerminal);
    const oldest = ended.toSorted(byEviction).slice(0, Math.max(0, ended.length - terminatedMax));
    for (const pod of oldest) await remove(pod);
  };
  const collect = async (pod: Pod): Promise<ReconcileResult | void> => {
    const { nodeName } = pod.spec;
    if (!nodeName) return isTerminating(pod) ? remove(pod) : undefined;
    const node = nodes.get(nodeName);
    if (node !== undefined) {
      missingSince.delete(nodeName);
      return isTerminating(pod) && isOutOfService(node) ? remove(pod) : undefined;
    }
    const since = missingSince.get(nodeName) ?? clock.now();
    missingSince.set(nodeName, since);
    const waitMs = since + QUARANTINE_MS - clock.now();
    if (waitMs > 0) return { requeueAfterMs: waitMs };
    return remove(pod, withDisruptionTarget(pod, NODE_GONE, clock.now()));
  };

  return {
    name: "pod-garbage-collector",
    setup(enqueue) {
      const enqueueNode = (name: string): void => {
        for (const pod of podsByNode.get(name)) enqueue(objectKey(pod));
      };
      nodes.onChange((current, old) => {
        if (current === undefined) enqueueNode(old?.metadata.name ?? "");
        else if (isOutOfService(current)) enqueueNode(current.metadata.name);
      });
      pods.onChange((current, old) => {
        const pod = current ?? old;
        if (pod === undefined) return;
        const key = objectKey(pod);
        if (current === undefined || !isTerminal(current)) finished.delete(key);
        else if (finished.add(key).size > terminatedMax) enqueue(COUNT);
        if (current === undefined) return;
        const node = nodes.get(current.spec.nodeName ?? "");
        const isLost = current.spec.nodeName ? node === undefined : isTerminating(current);
        const isStuck = node !== undefined && isTerminating(current) && isOutOfService(node);
        if (isLost || isStuck) enqueue(key);
      });
    },
    async reconcile(key) {
      if (key === COUNT) return trimFinished();
      const { namespace, name } = splitKey(key);
      const pod = pods.get(name, namespace);
      return pod === undefined ? undefined : collect(pod);
    },
  };
}

/** Declared out of service, and indeed not ready. */
function isOutOfService(node: Node): boolean {
  if (isNodeReady(node)) return false;
  return (node.spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
}

/** Evicted pods first, then the oldest. */
function byEviction(a: Pod, b: Pod): number {
  const isEvicted = ({ status }: Pod): boolean =>
    status?.phase === "Failed" && status.reason === "Evicted";
  return Number(isEvicted(b)) - Number(isEvicted(a)) || byCreation(a, b);
}
