// Runs one pod of a DaemonSet on every node that may have it. What to do is decided in daemon-set-plan.ts.
// Mirrors pkg/controller/daemon/daemon_controller.go.

import {
  informerOf,
  isReady,
  isTerminal,
  isTerminating,
  NODE,
  POD,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  Node,
  Pod,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { claimObjects } from "./claim.ts";
import {
  REVISION_LABEL,
  revisionHash,
  syncRevisions,
  trimRevisions,
} from "./controller-revisions.ts";
import { daemonPod, judgeNode, nodeOfDaemonPod } from "./daemon-pod.ts";
import { planDaemonSet, podsByNode } from "./daemon-set-plan.ts";
import { createFailedPodBackoff } from "./failed-pod-backoff.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { createOrphanIndex } from "./orphan-index.ts";
import { isAvailable, untilAvailableMs } from "./pod-availability.ts";
import { createPod, deletePods, isNamespaceTerminating } from "./pod-control.ts";
import { slowStart } from "./slow-start.ts";
import { CONTROLLER_REVISION, DAEMON_SET } from "./workload-kinds.ts";
import type { DaemonSet, DaemonSetStatus } from "./workload-kinds.ts";
import { watchOwnedPods } from "./watch-owned.ts";
import { omitZero, writeStatus } from "./write-status.ts";

/** Pods created in one reconcile (`BurstReplicas` of the DaemonSet controller). */
const BURST_MAX = 250;

export function daemonSetController(context: ControllerContext): Controller {
  const { clock } = context;
  const sets = informerOf(context, DAEMON_SET);
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  const revisions = informerOf(context, CONTROLLER_REVISION);
  const orphans = createOrphanIndex(pods);
  const backoff = createFailedPodBackoff(clock);
  const ownPods = (set: DaemonSet): readonly Pod[] => pods.ownedBy(set.metadata.uid ?? "");
  const backoffKey = ({ metadata }: DaemonSet, nodeName: string): string =>
    `${metadata.uid}/${metadata.generation}/${nodeName}`;
  /** When the first of the failed pods that stay may be replaced. */
  const failedWaits = (set: DaemonSet): readonly number[] =>
    ownPods(set)
      .filter((pod) => isTerminal(pod) && !isTerminating(pod))
      .map((pod) => backoff.remainingMs(backoffKey(set, nodeOfDaemonPod(pod) ?? "")));

  const place = async (set: DaemonSet, hash: string): Promise<unknown> => {
    const { minReadySeconds = 0 } = set.spec;
    const plan = planDaemonSet({
      set,
      nodes: nodes.list(),
      pods: ownPods(set),
      hash,
      isAvailable: (pod) => isAvailable(pod, minReadySeconds, clock.now()),
      isInBackoff: (nodeName) => backoff.remainingMs(backoffKey(set, nodeName)) > 0,
    });
    for (const pod of plan.failed) {
      backoff.next(backoffKey(set, nodeOfDaemonPod(pod) ?? ""));
      const { namespace, name } = pod.metadata;
      const message = `Found failed daemon pod ${namespace}/${name} on node ${pod.spec.nodeName}, will try to kill it`;
      context.event(set, "Warning", "FailedDaemonPod", message);
    }
    const deletion = await deletePods(context, set, plan.remove);
    const targets = plan.create.slice(0, BURST_MAX);
    const { error } = await slowStart(targets.length, (index) =>
      createPod(context, set, daemonPod(set, targets[index] ?? "", hash)),
    );
    return isNamespaceTerminating(error) ? deletion : (error ?? deletion);
  };
  const reconcile = async (set: DaemonSet): Promise<ReconcileResult | void> => {
    const { selector, minReadySeconds = 0, revisionHistoryLimit = 10 } = set.spec;
    const history = await syncRevisions(context, set, revisions, set.status?.collisionCount);
    const hash = revisionHash(history.update);
    await claimObjects(context, { owner: set, selector, informer: pods, orphans });
    const error = isTerminating(set) ? undefined : await place(set, hash);
    const now = clock.now();
    const status = statusOf(set, nodes.list(), ownPods(set), {
      hash,
      isAvailable: (pod) => isAvailable(pod, minReadySeconds, now),
    });
    await writeStatus(context, set, status);
    const used = new Set([
      hash,
      ...ownPods(set).map((pod) => pod.metadata.labels?.[REVISION_LABEL]),
    ]);
    await trimRevisions(context, history.revisions, {
      limit: revisionHistoryLimit,
      isUsed: (revision) => used.has(revisionHash(revision)),
    });
    if (error !== undefined) throw error;
    const waits = ownPods(set).map((pod) => untilAvailableMs(pod, minReadySeconds, now) ?? 0);
    const soonest = Math.min(...[...waits, ...failedWaits(set)].filter((waitMs) => waitMs > 0));
    return soonest === Infinity ? undefined : { requeueAfterMs: soonest };
  };

  return {
    name: "daemonset-controller",
    setup(enqueue) {
      sets.onChange((current) => current && enqueue(objectKey(current)));
      nodes.onChange((current, old) => {
        for (const set of changesPlacement(current, old) ? sets.list() : []) {
          enqueue(objectKey(set));
        }
      });
      watchOwnedPods({
        kind: DAEMON_SET,
        owners: sets,
        pods,
        selectorOf: ({ spec }) => spec.selector,
        enqueue,
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(name, namespace);
      return set === undefined ? undefined : reconcile(set);
    },
  };
}

/** Heartbeats change a node all the time; only labels and taints move daemon pods. */
function changesPlacement(current: Node | undefined, old: Node | undefined): boolean {
  if (current === undefined || old === undefined) return true;
  return current.metadata.labels !== old.metadata.labels || current.spec !== old.spec;
}

function statusOf(
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  options: { readonly hash: string; isAvailable(pod: Pod): boolean },
): DaemonSetStatus {
  const byNode = podsByNode(pods.filter((pod) => !isTerminating(pod)));
  let [desired, current, misscheduled, ready, available, updated] = [0, 0, 0, 0, 0, 0];
  for (const node of nodes) {
    const there = byNode.get(node.metadata.name) ?? [];
    if (judgeNode(set, node) !== "run") {
      if (there.length > 0) misscheduled += 1;
      continue;
    }
    desired += 1;
    if (there.length > 0) current += 1;
    if (there.some(isReady)) ready += 1;
    if (there.some(options.isAvailable)) available += 1;
    if (there.some(({ metadata }) => metadata.labels?.[REVISION_LABEL] === options.hash))
      updated += 1;
  }
  return {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...omitZero({
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: updated,
      numberAvailable: available,
      numberUnavailable: desired - available,
      collisionCount: set.status?.collisionCount,
    }),
  };
}
