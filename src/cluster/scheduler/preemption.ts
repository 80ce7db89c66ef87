// Whom a pod may push off a node: pods of lower priority, as few and as unimportant as possible, and none whose budget
// forbids it if there is a choice. Mirrors pkg/scheduler/framework/preemption and plugins/defaultpreemption.

import { isReady, isTerminating, matchesSelector, prepareFit } from "../../kubernetes/index.ts";
import type {
  FitOptions,
  Misfit,
  NodeState,
  Pod,
  SchedulingState,
} from "../../kubernetes/index.ts";
import type { PodDisruptionBudget } from "../controllers/policy-kinds.ts";

export interface Preemption {
  readonly nodeName: string;
  /** Least important last. */
  readonly victims: readonly Pod[];
}

export interface PreemptionInput {
  readonly pod: Pod;
  readonly state: SchedulingState;
  readonly misfits: ReadonlyMap<string, Misfit>;
  readonly fit: FitOptions;
  readonly budgets: readonly PodDisruptionBudget[];
}

interface Candidate extends Preemption {
  /** Victims whose budget has nothing to give. */
  readonly violations: number;
}

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0;

/** Undefined when the pod may not preempt, or when nobody's going would help. */
export function findPreemption(input: PreemptionInput): Preemption | undefined {
  const { pod, state, misfits } = input;
  if (pod.spec.preemptionPolicy === "Never" || isWaitingForVictims(pod, state)) return undefined;
  let best: Candidate | undefined;
  for (const [name, { resolvable }] of misfits) {
    const node = resolvable ? state.node(name) : undefined;
    const candidate = node && selectVictims(input, node);
    if (candidate === undefined) continue;
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best;
}

/** An earlier preemption is still under way. */
function isWaitingForVictims(pod: Pod, state: SchedulingState): boolean {
  const nominated = state.node(pod.status?.nominatedNodeName ?? "");
  if (nominated === undefined) return false;
  return [...nominated.pods.values()].some(
    (other) => isTerminating(other) && priorityOf(other) < priorityOf(pod),
  );
}

/** Takes every less important pod away, then gives back as many as still fit, the most important first. */
function selectVictims(input: PreemptionInput, node: NodeState): Candidate | undefined {
  const { pod, state, fit, budgets } = input;
  const lower = [...node.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod));
  if (lower.length === 0) return undefined;
  const fits = (): boolean => prepareFit(pod, state, fit)(node) === undefined;
  const violating = budgetViolations(lower, budgets);
  const order = lower.toSorted(
    (a, b) => Number(violating.has(b)) - Number(violating.has(a)) || byImportance(a, b),
  );
  const victims: Pod[] = [];
  for (const other of lower) state.removePod(other.metadata.uid ?? "");
  try {
    if (!fits()) return undefined;
    for (const other of order) {
      state.setPod(other, node.name);
      if (fits()) continue;
      state.removePod(other.metadata.uid ?? "");
      victims.push(other);
    }
  } finally {
    for (const other of lower) state.setPod(other, node.name);
  }
  const violations = victims.filter((victim) => violating.has(victim)).length;
  return { nodeName: node.name, victims: victims.toSorted(byImportance), violations };
}

/** Higher priority first, then who has run for longer. */
function byImportance(a: Pod, b: Pod): number {
  const started = ({ status }: Pod): string => status?.startTime ?? "9999";
  return priorityOf(b) - priorityOf(a) || started(a).localeCompare(started(b));
}

/** Pods whose eviction some budget would refuse; each budget is spent pod by pod. */
function budgetViolations(
  pods: readonly Pod[],
  budgets: readonly PodDisruptionBudget[],
): ReadonlySet<Pod> {
  const left = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const violating = new Set<Pod>();
  for (const pod of pods.toSorted(byImportance)) {
    for (const budget of budgets) {
      if (!isReady(pod) || budget.metadata.namespace !== pod.metadata.namespace) continue;
      if (!matchesSelector(budget.spec.selector, pod.metadata.labels)) continue;
      const allowed = (left.get(budget) ?? 0) - 1;
      left.set(budget, allowed);
      if (allowed < 0) violating.add(pod);
    }
  }
  return violating;
}

/** Fewest violations, least important best victim, lowest sum of priorities, fewest victims. */
function isBetter(a: Candidate, b: Candidate): boolean {
  const rank = ({ violations, victims }: Candidate): readonly number[] => [
    violations,
    victims[0] === undefined ? -Infinity : priorityOf(victims[0]),
    victims.reduce((sum, victim) => sum + priorityOf(victim), 0),
    victims.length,
  ];
  const [left, right] = [rank(a), rank(b)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}
