// Deletes pods from nodes with a NoExecute taint they do not tolerate, or no longer. Mirrors
// pkg/controller/tainteviction/taint_eviction.go.

import {
  informerOf,
  isNotFound,
  isTerminating,
  NODE,
  POD,
  refOf,
  tolerates,
} from "../../kubernetes/index.ts";
import type { Controller, ControllerContext, Node, Pod, Taint } from "../../kubernetes/index.ts";
import { podsByNodeOf } from "./object-index.ts";
import { objectKey, splitKey } from "./object-key.ts";

export function taintEvictionController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const nodes = informerOf(context, NODE);
  const pods = informerOf(context, POD);
  const podsByNode = podsByNodeOf(context);

  return {
    name: "taint-eviction-controller",
    setup(enqueue) {
      nodes.onChange((current, old) => {
        if (current === undefined || current.spec?.taints === old?.spec?.taints) return;
        if (executing(current).length === 0) return;
        for (const pod of podsByNode.get(current.metadata.name)) enqueue(objectKey(pod));
      });
      pods.onChange((current, old) => {
        if (current === undefined || current.spec === old?.spec) return;
        const node = nodes.get(current.spec.nodeName ?? "");
        if (node !== undefined && executing(node).length > 0) enqueue(objectKey(current));
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(name, namespace);
      const node = pod && nodes.get(pod.spec.nodeName ?? "");
      if (pod === undefined || node === undefined || isTerminating(pod)) return undefined;
      const evictAt = evictionTime(pod, executing(node));
      if (evictAt === undefined) return undefined;
      const waitMs = evictAt - clock.now();
      if (waitMs > 0) return { requeueAfterMs: waitMs };
      context.event(pod, "Normal", "TaintManagerEviction", `Marking for deletion Pod ${key}`);
      const { uid } = pod.metadata;
      await api
        .delete(refOf(pod), uid === undefined ? {} : { preconditions: { uid } })
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
      return undefined;
    },
  };
}

function executing({ spec }: Node): readonly Taint[] {
  return (spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

/** The instant from which the pod has to go; 0 at once, undefined never. The shortest toleration counts. */
function evictionTime({ spec }: Pod, taints: readonly Taint[]): number | undefined {
  let earliest: number | undefined;
  for (const taint of taints) {
    const matching = (spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    if (matching.length === 0) return 0;
    const limits = matching.flatMap(({ tolerationSeconds }) =>
      tolerationSeconds === undefined ? [] : [Math.max(0, tolerationSeconds)],
    );
    if (limits.length === 0) continue;
    const since = taint.timeAdded === undefined ? 0 : Date.parse(taint.timeAdded);
    earliest = Math.min(earliest ?? Infinity, since + Math.min(...limits) * 1000);
  }
  return earliest;
}
