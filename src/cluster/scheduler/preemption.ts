// Whom a pod may push off a node: pods of lower priority, as few and as unimportant as possible, and none whose budget
// forbids it if there is a choice. Mirrors pkg/scheduler/framework/preemption and plugins/defaultpreemption.

import { isTerminating, matchesSelector, prepareFit } from "../../kubernetes/index.ts";
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

/** What it would take to place the pod on one node. */
export interface PreemptionCandidate extends Preemption {
  /** Victims whose budget has nothing to give. */
  readonly violations: number;
}

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0;

/** Undefined when the pod may not preempt, or when nobody's going would help. */
export function findPreemption(input: PreemptionInput): Preemption | undefined {
  const { pod, state, misfits } = input;
  if (pod.spec.preemptionPolicy === "Never" || isWaitingForVictims(pod, state)) return undefined;
  const candidates: PreemptionCandidate[] = [];
  for (const [name, { resolvable }] of misfits) {
    const node = resolvable ? state.node(name) : undefined;
    const candidate = node && selectVictims(input, node);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return pickCandidate(candidates);
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
export function selectVictims(
  input: PreemptionInput,
  node: NodeState,
): PreemptionCandidate | undefined {
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
      if (!guards(budget, pod)) continue;
      const allowed = (left.get(budget) ?? 0) - 1;
      left.set(budget, allowed);
      if (allowed < 0) violating.add(pod);
    }
  }
  return violating;
}

/** A pod whose eviction the budget has allowed already costs nothing again. */
function guards({ metadata, spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  if (metadata.namespace !== pod.metadata.namespace) return false;
  if (Object.keys(spec.selector ?? {}).length === 0) return false;
  if (Object.keys(pod.metadata.labels ?? {}).length === 0) return false;
  if (!matchesSelector(spec.selector, pod.metadata.labels)) return false;
  return status?.disruptedPods?.[pod.metadata.name] === undefined;
}

/** Priorities are counted from here, so that one more pod always weighs more than a lower priority. */
const PRIORITY_OFFSET = 2 ** 31;

/**
 * Fewest violations, least important best victim, lowest sum of priorities, fewest victims, the most important ones having
 * started last; of equal candidates the first.
 */
export function pickCandidate(
  candidates: readonly PreemptionCandidate[],
): PreemptionCandidate | undefined {
  const ranked = candidates.map((candidate) => ({ candidate, rank: rankOf(candidate) }));
  let best = ranked[0];
  for (const other of ranked)
    if (best !== undefined && isLower(other.rank, best.rank)) best = other;
  return best?.candidate;
}

function rankOf({ violations, victims }: PreemptionCandidate): readonly number[] {
  const highest = victims.length === 0 ? -PRIORITY_OFFSET : Math.max(...victims.map(priorityOf));
  const starts = victims
    .filter((victim) => priorityOf(victim) === highest)
    .map(({ status }) => Date.parse(status?.startTime ?? "9999-01-01"));
  return [
    violations,
    highest,
    victims.reduce((sum, victim) => sum + priorityOf(victim) + PRIORITY_OFFSET, 0),
    victims.length,
    -Math.min(...starts),
  ];
}

function isLower(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}
