// Removes pods nobody will ever end: on nodes that are gone, on nodes declared out of service, terminating before they
// had a node, and the oldest of too many finished ones. Mirrors pkg/controller/podgc/gc_controller.go.

import {
  informerOf,
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
import { podsByNodeOf } from "./object-index.ts";
import { objectKey, splitKey } from "./object-key.ts";

/** How long a node has to be gone before its pods follow (`quarantineTime`). */
const QUARANTINE_MS = 40_000;
/** `--terminated-pod-gc-threshold`. */
const TERMINATED_MAX = 12_500;
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
/** The queue key that counts finished pods; other keys name one pod. */
const COUNT = "count";

export function podGarbageCollector(context: ControllerContext): Controller {
  const { api, clock } = context;
  const nodes = informerOf(context, NODE);
  const pods = informerOf(context, POD);
  const podsByNode = podsByNodeOf(context);
  const missingSince = new Map<string, number>();
  const finished = new Set<string>();

  const remove = async (pod: Pod): Promise<void> => {
    const { uid } = pod.metadata;
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    await api
      .delete(refOf(pod), { gracePeriodSeconds: 0, ...preconditions })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  };
  const trimFinished = async (): Promise<void> => {
    if (finished.size <= TERMINATED_MAX) return;
    const ended = pods.list().filter((pod) => isTerminal(pod) && !isTerminating(pod));
    const oldest = ended.toSorted(byCreation).slice(0, Math.max(0, ended.length - TERMINATED_MAX));
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
    return waitMs > 0 ? { requeueAfterMs: waitMs } : remove(pod);
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
        else if (finished.add(key).size > TERMINATED_MAX) enqueue(COUNT);
        if (current === undefined) return;
        const { nodeName } = current.spec;
        if (!nodeName ? isTerminating(current) : nodes.get(nodeName) === undefined) enqueue(key);
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

function isOutOfService({ spec }: Node): boolean {
  return (spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
}
