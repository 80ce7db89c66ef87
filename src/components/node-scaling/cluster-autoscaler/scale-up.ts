// How many nodes the pods that wait need: what fits on nodes that are there or on their way needs none, the others one after the
// other. After cluster-autoscaler core/scaleup and estimator/binpacking_estimator.go; of several pools the first that helps.

import {
  createSchedulingState,
  prepareFit,
  type Node,
  type Pod,
} from "../../../kubernetes/index.ts";
import type { InstantMs } from "../../../core/index.ts";
import { furtherNode, poolsOf, type NodePoolState } from "../node-pools.ts";

export interface WantedNode {
  readonly pool: NodePoolState;
  readonly node: Node;
}

export interface ScaleUp {
  readonly wanted: readonly WantedNode[];
  /** Pods for which a node is wanted, and those that no pool can help. */
  readonly helped: readonly { readonly pod: Pod; readonly pool: NodePoolState }[];
  readonly helpless: readonly Pod[];
}

export function planScaleUp(
  pods: readonly Pod[],
  nodes: readonly Node[],
  upcoming: readonly Node[],
  now: InstantMs,
): ScaleUp {
  const state = createSchedulingState([...nodes, ...upcoming]);
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (nodeName !== undefined) state.setPod(pod, nodeName);
  }
  const all = [...nodes, ...upcoming];
  const wanted: WantedNode[] = [];
  const helped: { pod: Pod; pool: NodePoolState }[] = [];
  const helpless: Pod[] = [];
  for (const pod of pods.filter(isUnschedulable)) {
    const place = (): string | undefined => {
      const check = prepareFit(pod, state);
      return state.nodes.find((candidate) => check(candidate) === undefined)?.name;
    };
    const there = place();
    if (there !== undefined) {
      state.setPod(pod, there);
      continue;
    }
    const pool = poolsOf(all).find((candidate) => {
      if (candidate.nodes.length >= candidate.max) return false;
      const node = furtherNode(candidate, all, now);
      state.setNode(node);
      const at = place();
      if (at === undefined) {
        state.removeNode(node.metadata.name);
        return false;
      }
      state.setPod(pod, at);
      all.push(node);
      wanted.push({ pool: candidate, node });
      return true;
    });
    if (pool === undefined) helpless.push(pod);
    else helped.push({ pod, pool });
  }
  return { wanted, helped, helpless };
}

/** `--expendable-pods-priority-cutoff`: below it a pod makes nobody buy a node. */
const EXPENDABLE_BELOW = -10;

export function isUnschedulable({ metadata, spec, status }: Pod): boolean {
  if (spec.nodeName !== undefined || metadata.deletionTimestamp !== undefined) return false;
  if ((spec.priority ?? 0) < EXPENDABLE_BELOW) return false;
  return (status?.conditions ?? []).some(
    ({ type, status: is, reason }) =>
      type === "PodScheduled" && is === "False" && reason === "Unschedulable",
  );
}
