// How many of a budget's pods may be evicted now. Mirrors pkg/controller/disruption/disruption.go.

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import {
  informerOf,
  isReady,
  isTerminating,
  matchesSelector,
  POD,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  Pod,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { withCondition } from "./conditions.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { controllerOf } from "./owner.ts";
import { changesWorkload } from "./pod-availability.ts";
import { POD_DISRUPTION_BUDGET } from "./policy-kinds.ts";
import type { PodDisruptionBudget } from "./policy-kinds.ts";
import { scaledValue } from "./rolling-update.ts";
import { DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from "./workload-kinds.ts";
import { writeStatus } from "./write-status.ts";

/** How long an allowed eviction counts before it is taken back (`DeletionTimeout`). */
const EVICTION_TIMEOUT_MS = 120_000;

export function disruptionController(context: ControllerContext): Controller {
  const { clock } = context;
  const budgets = informerOf(context, POD_DISRUPTION_BUDGET);
  const pods = informerOf(context, POD);
  const deployments = informerOf(context, DEPLOYMENT);
  const replicaSets = informerOf(context, REPLICA_SET);
  const statefulSets = informerOf(context, STATEFUL_SET);

  /** The size that the pod's controller is meant to have, keyed by the one that decides it. */
  const scaleOf = (pod: Pod): { readonly uid: string; readonly replicas: number } | undefined => {
    const owner = controllerOf(pod);
    const { namespace } = pod.metadata;
    if (owner?.kind === STATEFUL_SET.kind) {
      const set = statefulSets.get(owner.name, namespace);
      return set && { uid: owner.uid, replicas: set.spec.replicas ?? 1 };
    }
    const set =
      owner?.kind === REPLICA_SET.kind ? replicaSets.get(owner.name, namespace) : undefined;
    const parent = set && controllerOf(set);
    const deployment = parent && deployments.get(parent.name, namespace);
    if (deployment !== undefined) {
      return { uid: parent?.uid ?? "", replicas: deployment.spec.replicas ?? 1 };
    }
    return set && { uid: owner?.uid ?? "", replicas: set.spec.replicas ?? 1 };
  };
  const expectedScale = (selected: readonly Pod[]): number => {
    const scales = new Map<string, number>();
    for (const pod of selected) {
      const scale = scaleOf(pod);
      if (scale !== undefined) scales.set(scale.uid, scale.replicas);
    }
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  };
  const expectation = (
    { spec }: PodDisruptionBudget,
    selected: readonly Pod[],
  ): { readonly expected: number; readonly desired: number } => {
    const { minAvailable, maxUnavailable } = spec;
    if (maxUnavailable !== undefined) {
      const expected = expectedScale(selected);
      return {
        expected,
        desired: Math.max(0, expected - scaledValue(maxUnavailable, expected, "up")),
      };
    }
    if (typeof minAvailable !== "string")
      return { expected: selected.length, desired: minAvailable ?? 0 };
    const expected = expectedScale(selected);
    return { expected, desired: scaledValue(minAvailable, expected, "up") };
  };

  const sync = async (budget: PodDisruptionBudget): Promise<ReconcileResult | void> => {
    const now = clock.now();
    const selected = pods
      .list(budget.metadata.namespace)
      .filter(({ metadata }) => matchesSelector(budget.spec.selector, metadata.labels));
    const { expected, desired } = expectation(budget, selected);
    const { disrupted, waitMs } = openEvictions(budget, selected, now);
    const healthy = selected.filter(
      (pod) => isReady(pod) && !isTerminating(pod) && disrupted[pod.metadata.name] === undefined,
    ).length;
    const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    const { generation } = budget.metadata;
    const condition = {
      type: "DisruptionAllowed",
      status: allowed > 0 ? ("True" as const) : ("False" as const),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
      message: "",
    };
    await writeStatus(context, budget, {
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions: withCondition(budget.status?.conditions, condition, formatInstant(now)),
    });
    return waitMs === undefined ? undefined : { requeueAfterMs: waitMs };
  };

  return {
    name: "disruption-controller",
    setup(enqueue) {
      const enqueueAll = (namespace: string | undefined): void => {
        for (const budget of budgets.list(namespace)) enqueue(objectKey(budget));
      };
      budgets.onChange((current) => current && enqueue(objectKey(current)));
      pods.onChange((current, old) => {
        const pod = current ?? old;
        if (pod === undefined || !changesWorkload(current, old)) return;
        for (const budget of budgets.list(pod.metadata.namespace)) {
          const matches = ({ metadata }: Pod): boolean =>
            matchesSelector(budget.spec.selector, metadata.labels);
          if (matches(pod) || (old !== undefined && matches(old))) enqueue(objectKey(budget));
        }
      });
      for (const informer of [deployments, statefulSets]) {
        informer.onChange(
          (
            current: { metadata: { namespace?: string }; spec: { replicas?: number } } | undefined,
            old: { spec: { replicas?: number } } | undefined,
          ) => {
            if (current?.spec.replicas !== old?.spec.replicas)
              enqueueAll(current?.metadata.namespace);
          },
        );
      }
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const budget = budgets.get(name, namespace);
      return budget === undefined ? undefined : sync(budget);
    },
  };
}

/** Evictions that were allowed and whose pods are still there; the API notes them in the status. */
function openEvictions(
  { status }: PodDisruptionBudget,
  selected: readonly Pod[],
  now: InstantMs,
): { readonly disrupted: Readonly<Record<string, string>>; readonly waitMs: number | undefined } {
  const disrupted: Record<string, string> = {};
  let waitMs: number | undefined;
  for (const pod of selected) {
    const at = status?.disruptedPods?.[pod.metadata.name];
    if (at === undefined || isTerminating(pod)) continue;
    const left = Date.parse(at) + EVICTION_TIMEOUT_MS - now;
    if (left <= 0) continue;
    disrupted[pod.metadata.name] = at;
    waitMs = Math.min(waitMs ?? Infinity, left);
  }
  return { disrupted, waitMs };
}
