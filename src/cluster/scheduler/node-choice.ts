// Finds the node for one pod: volumes, filters, scores, and whom to preempt when nothing fits.
// Mirrors schedulePod and RunPostFilterPlugins in pkg/scheduler/schedule_one.go.

import type { Rng } from "../../core/index.ts";
import { formatMisfits, formatNoNodes, formatRefusal, prepareFit } from "../../kubernetes/index.ts";
import type {
  FitCheck,
  FitOptions,
  Misfit,
  NodeState,
  Pod,
  SchedulingState,
  TypedInformer,
} from "../../kubernetes/index.ts";
import type { PodDisruptionBudget } from "../controllers/policy-kinds.ts";
import { bestNodes } from "./node-score.ts";
import { claimNames, judgeVolumes } from "./pod-volumes.ts";
import { findPreemption } from "./preemption.ts";
import type { SchedulerCache } from "./scheduler-cache.ts";
import type { Preemption } from "./preemption.ts";
import type { ClusterChange } from "./scheduling-queue.ts";
import { volumeLimits, type LimitSources } from "./volume-limits.ts";

export type NodeChoice =
  | { readonly outcome: "node"; readonly nodeName: string }
  | {
      readonly outcome: "unschedulable";
      readonly message: string;
      /** Changes worth another try. */
      readonly helpedBy: ReadonlySet<ClusterChange>;
      readonly plan?: Preemption;
    };

export interface NodeChooserOptions {
  readonly state: SchedulingState;
  readonly volumes: LimitSources;
  readonly budgets: TypedInformer<PodDisruptionBudget>;
  /** Pending pods that have been promised a node. */
  readonly promises: Pick<SchedulerCache, "nominated">;
  /** See SchedulerOptions. */
  readonly feasibleNodesMax: number | undefined;
  rng(): Rng;
}

const FEASIBLE_MIN = 50;
const FEASIBLE_SHARE = 0.05;

interface Feasible {
  readonly fits: readonly NodeState[];
  readonly misfits: ReadonlyMap<string, Misfit>;
}

export function createNodeChooser(options: NodeChooserOptions): (pod: Pod) => NodeChoice {
  const { state, volumes, budgets } = options;
  let cursor = 0;

  const findFeasible = (check: FitCheck): Feasible => {
    const all = state.nodes;
    const share = Math.max(FEASIBLE_MIN, Math.ceil(all.length * FEASIBLE_SHARE));
    const wanted = options.feasibleNodesMax ?? share;
    const fits: NodeState[] = [];
    const misfits = new Map<string, Misfit>();
    for (let step = 0; step < all.length && fits.length < wanted; step += 1) {
      const candidate = all[(cursor + step) % all.length];
      if (candidate === undefined) continue;
      const misfit = check(candidate);
      if (misfit === undefined) fits.push(candidate);
      else misfits.set(candidate.name, misfit);
    }
    // The next pod starts where this search ended, so that all nodes get their turn.
    cursor = (cursor + fits.length + misfits.size) % Math.max(1, all.length);
    return { fits, misfits };
  };

  /** Pods at least as important that were promised the node count as if they were there already. */
  const respectingPromises = (pod: Pod, fit: FitOptions): FitCheck => {
    const check = prepareFit(pod, state, fit);
    const { nominated } = options.promises;
    if (nominated === undefined) return check;
    return (candidate) => {
      const misfit = check(candidate);
      if (misfit !== undefined) return misfit;
      const promised = nominated(candidate.name);
      const others = promised.filter(
        ({ metadata, spec }) =>
          metadata.uid !== pod.metadata.uid && (spec.priority ?? 0) >= (pod.spec.priority ?? 0),
      );
      if (others.length === 0) return misfit;
      for (const other of others) state.setPod(other, candidate.name);
      try {
        return prepareFit(pod, state, fit)(candidate);
      } finally {
        for (const other of others) state.removePod(other.metadata.uid ?? "");
      }
    };
  };
  /** The node a pod was promised, when it fits there now. */
  const promisedNode = (pod: Pod, check: FitCheck): NodeState | undefined => {
    const node = state.node(pod.status?.nominatedNodeName ?? "");
    return node !== undefined && check(node) === undefined ? node : undefined;
  };

  const isClaimInUse = ({ metadata }: Pod, name: string): boolean =>
    state.nodes.some(({ pods }) =>
      [...pods.values()].some(
        (other) =>
          other.metadata.uid !== metadata.uid &&
          other.metadata.namespace === metadata.namespace &&
          claimNames(other).includes(name),
      ),
    );

  return (pod) => {
    const nodesCount = state.nodes.length;
    if (nodesCount === 0) return refused(formatNoNodes());
    const verdict = judgeVolumes(pod, volumes, (name) => isClaimInUse(pod, name));
    if (verdict.outcome === "refused") return refused(formatRefusal(nodesCount, verdict.message));
    const volumeChecks = [...volumeLimits(pod, volumes, state), ...(verdict.checks ?? [])];
    const fit = { nodeTerms: verdict.nodeTerms, volumeChecks };
    const check = respectingPromises(pod, fit);
    const promised = promisedNode(pod, check);
    if (promised !== undefined) return { outcome: "node", nodeName: promised.name };
    const { fits, misfits } = findFeasible(check);
    const best = bestNodes(pod, fits, state);
    const node = best[best.length > 1 ? options.rng().below(best.length) : 0];
    if (node !== undefined) return { outcome: "node", nodeName: node.name };
    const helpedBy = changesThatHelp(misfits);
    const plan = findPreemption({ pod, state, misfits, fit, budgets: budgets.list() });
    if (plan !== undefined) {
      const message = formatMisfits(misfits, { preemption: "found" });
      return { outcome: "unschedulable", message, helpedBy, plan };
    }
    const preemption = pod.spec.preemptionPolicy === "Never" ? "never" : "tried";
    return { outcome: "unschedulable", message: formatMisfits(misfits, { preemption }), helpedBy };
  };
}

/** The pod as a whole is refused: it waits for volumes or nodes. */
function refused(message: string): NodeChoice {
  return { outcome: "unschedulable", message, helpedBy: new Set(["node", "volume"]) };
}

/** The changes that could make one of the refusals go away. */
function changesThatHelp(misfits: ReadonlyMap<string, Misfit>): ReadonlySet<ClusterChange> {
  const changes = new Set<ClusterChange>(["node"]);
  for (const { reasons, resolvable } of misfits.values()) {
    if (resolvable) changes.add("pod-removed");
    if (reasons.some((reason) => reason.includes("volume"))) changes.add("volume");
    if (reasons.some((reason) => reason.includes("affinity rules") || reason.includes("spread"))) {
      changes.add("pod-added");
    }
  }
  return changes;
}
