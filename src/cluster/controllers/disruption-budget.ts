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
import { createScaleFinder } from "./pod-scale.ts";
import { DEPLOYMENT, STATEFUL_SET } from "./workload-kinds.ts";
import { writeStatus } from "./write-status.ts";

/** How long an allowed eviction counts before it is taken back (`DeletionTimeout`). */
const EVICTION_TIMEOUT_MS = 120_000;

export function disruptionController(context: ControllerContext): Controller {
  const { clock } = context;
  const budgets = informerOf(context, POD_DISRUPTION_BUDGET);
  const pods = informerOf(context, POD);
  const deployments = informerOf(context, DEPLOYMENT);
  const statefulSets = informerOf(context, STATEFUL_SET);

  const scaleOf = createScaleFinder(context);
  /** The sizes of all controllers of the pods together; rejects when one of them has none to ask for. */
  const expectedScale = async (
    budget: PodDisruptionBudget,
    selected: readonly Pod[],
  ): Promise<number> => {
    const scales = new Map<string, number>();
    const unmanaged: string[] = [];
    for (const pod of selected) {
      const owner = controllerOf(pod);
      if (owner === undefined) unmanaged.push(pod.metadata.name);
      else if (!scales.has(owner.uid)) {
        const scale = await scaleOf(pod, owner);
        scales.set(scale.uid, scale.replicas);
      }
    }
    if (unmanaged.length > 0) {
      context.event(budget, "Warning", "UnmanagedPods", unmanagedText(budget));
    }
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  };
  const expectation = async (
    budget: PodDisruptionBudget,
    selected: readonly Pod[],
  ): Promise<{ readonly expected: number; readonly desired: number }> => {
    const { minAvailable, maxUnavailable } = budget.spec;
    if (maxUnavailable !== undefined) {
      const expected = await expectedScale(budget, selected);
      const missing = scaledValue(maxUnavailable, expected, "up");
      return { expected, desired: Math.max(0, expected - missing) };
    }
    if (typeof minAvailable !== "string")
      return { expected: selected.length, desired: minAvailable ?? 0 };
    const expected = await expectedScale(budget, selected);
    return { expected, desired: scaledValue(minAvailable, expected, "up") };
  };
  /** Nothing may be evicted while the number of expected pods is not known. */
  const failSafe = async (budget: PodDisruptionBudget, error: unknown): Promise<void> => {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Failed to calculate the number of expected pods: ${why}`;
    context.event(budget, "Warning", "CalculateExpectedPodCountFailed", message);
    const { generation } = budget.metadata;
    const condition = {
      type: "DisruptionAllowed",
      status: "False" as const,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      reason: "SyncFailed",
      message: why,
    };
    const at = formatInstant(clock.now());
    await writeStatus(context, budget, {
      ...NO_COUNTS,
      ...budget.status,
      disruptionsAllowed: 0,
      conditions: withCondition(budget.status?.conditions, condition, at),
    });
  };

  const sync = async (budget: PodDisruptionBudget): Promise<ReconcileResult | void> => {
    const now = clock.now();
    const selected = pods
      .list(budget.metadata.namespace)
      .filter(({ metadata }) => matchesSelector(budget.spec.selector, metadata.labels));
    if (selected.length === 0) {
      context.event(budget, "Normal", "NoPods", "No matching pods found");
    }
    let counts: Awaited<ReturnType<typeof expectation>>;
    try {
      counts = await expectation(budget, selected);
    } catch (error) {
      await failSafe(budget, error);
      throw error;
    }
    const { expected, desired } = counts;
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

const NO_COUNTS = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

/** The selector reads as the generated Go code prints it. */
function unmanagedText({ spec }: PodDisruptionBudget): string {
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {};
  const labels = Object.entries(matchLabels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  const selector = `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. ` +
    "As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. " +
    'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
  );
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
