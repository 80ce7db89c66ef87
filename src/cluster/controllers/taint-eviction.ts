// Deletes pods from nodes with a NoExecute taint they do not tolerate, or no longer. Mirrors
// pkg/controller/tainteviction/taint_eviction.go: the time counts from when the taint is seen, and once an eviction is
// scheduled, other tolerations neither delay nor hasten it.

import { deepEqual } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import { informerOf, isNotFound, NODE, POD, refOf, tolerates } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  Node,
  Pod,
  ReconcileResult,
  Taint,
} from "../../kubernetes/index.ts";
import { withDisruptionTarget } from "./disruption-target.ts";
import { podsByNodeOf } from "./object-index.ts";
import { objectKey, splitKey } from "./object-key.ts";

interface Eviction {
  readonly uid: string | undefined;
  readonly seenAt: InstantMs;
  readonly dueAt: InstantMs;
  readonly isDone: boolean;
}

export function taintEvictionController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const nodes = informerOf(context, NODE);
  const pods = informerOf(context, POD);
  const podsByNode = podsByNodeOf(context);
  const evictions = new Map<string, Eviction>();

  const evict = async (pod: Pod, key: string): Promise<void> => {
    context.event(pod, "Normal", "TaintManagerEviction", `Marking for deletion Pod ${key}`);
    const said = {
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
    };
    const { uid } = pod.metadata;
    try {
      const conditions = withDisruptionTarget(pod, said, clock.now());
      const body = { status: { conditions } };
      await api.patch(refOf(pod), { type: "merge", body }, { subresource: "status" });
      await api.delete(refOf(pod), uid === undefined ? {} : { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  const schedule = (pod: Pod, key: string, dueAt: InstantMs): Eviction => {
    const eviction = { uid: pod.metadata.uid, seenAt: clock.now(), dueAt, isDone: false };
    evictions.set(key, eviction);
    return eviction;
  };
  const cancel = (pod: Pod, key: string): void => {
    const eviction = evictions.get(key);
    evictions.delete(key);
    if (eviction === undefined || eviction.isDone) return;
    context.event(pod, "Normal", "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
  };
  /** What is to happen to the pod; undefined when it may stay. */
  const decide = (pod: Pod, key: string, taints: readonly Taint[]): Eviction | undefined => {
    const scheduled = evictions.get(key);
    if (scheduled?.isDone === true) return undefined;
    const borneMs = toleratedMs(pod, taints);
    if (borneMs === undefined) {
      cancel(pod, key);
      return undefined;
    }
    if (borneMs === "not at all") {
      cancel(pod, key);
      return schedule(pod, key, clock.now());
    }
    return scheduled ?? schedule(pod, key, clock.now() + borneMs);
  };

  return {
    name: "taint-eviction-controller",
    setup(enqueue) {
      nodes.onChange((current, old) => {
        if (current === undefined || current.spec?.taints === old?.spec?.taints) return;
        if (deepEqual(executing(current), old === undefined ? [] : executing(old))) return;
        for (const pod of podsByNode.get(current.metadata.name)) enqueue(objectKey(pod));
      });
      pods.onChange((current, old) => {
        if (current === undefined) {
          if (old !== undefined) evictions.delete(objectKey(old));
          return;
        }
        if (current.spec === old?.spec) return;
        const node = nodes.get(current.spec.nodeName ?? "");
        if (node !== undefined && executing(node).length > 0) enqueue(objectKey(current));
      });
    },
    async reconcile(key): Promise<ReconcileResult | void> {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(name, namespace);
      const node = pod && nodes.get(pod.spec.nodeName ?? "");
      if (pod === undefined || node === undefined) return undefined;
      if (evictions.get(key)?.uid !== pod.metadata.uid) evictions.delete(key);
      const eviction = decide(pod, key, executing(node));
      if (eviction === undefined) return undefined;
      const waitMs = eviction.dueAt - clock.now();
      if (waitMs > 0) return { requeueAfterMs: waitMs };
      await evict(pod, key);
      if (evictions.has(key)) evictions.set(key, { ...eviction, isDone: true });
      return undefined;
    },
  };
}

function executing({ spec }: Node): readonly Taint[] {
  return (spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

/**
 * How long the pod bears the taints; undefined: for ever. Of several tolerations for one taint the first counts, of
 * several taints the shortest.
 */
function toleratedMs({ spec }: Pod, taints: readonly Taint[]): number | "not at all" | undefined {
  let shortest: number | undefined;
  for (const taint of taints) {
    const used = spec.tolerations?.find((toleration) => tolerates(toleration, taint));
    if (used === undefined) return "not at all";
    const { tolerationSeconds: seconds } = used;
    if (seconds !== undefined)
      shortest = Math.min(shortest ?? Infinity, Math.max(0, seconds) * 1000);
  }
  return shortest;
}
