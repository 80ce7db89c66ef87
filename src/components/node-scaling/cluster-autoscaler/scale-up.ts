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
  readonly helpless: readonly HelplessPod[];
}

export interface HelplessPod {
  readonly pod: Pod;
  /** Reason → how many pools give it: a full pool, or what the scheduler says of a further node. */
  readonly reasons: ReadonlyMap<string, number>;
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
  const helpless: HelplessPod[] = [];
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
    const reasons = new Map<string, number>();
    const because = (reason: string): void =>
      void reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    const pool = poolsOf(all).find((candidate) => {
      if (candidate.nodes.length >= candidate.max) {
        because(FULL);
        return false;
      }
      const node = furtherNode(candidate, all, now);
      state.setNode(node);
      const at = place();
      if (at === undefined) {
        const seen = state.nodes.find(({ name }) => name === node.metadata.name);
        const misfit = seen === undefined ? undefined : prepareFit(pod, state)(seen);
        misfit?.reasons.forEach(because);
        state.removeNode(node.metadata.name);
        return false;
      }
      state.setPod(pod, at);
      all.push(node);
      wanted.push({ pool: candidate, node });
      return true;
    });
    if (pool === undefined) helpless.push({ pod, reasons });
    else helped.push({ pod, pool });
  }
  return { wanted, helped, helpless };
}

/** core/scaleup/orchestrator/skippedreasons.go. */
const FULL = "max node group size reached";

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
