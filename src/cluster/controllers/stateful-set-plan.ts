// What a StatefulSet does next: which pod to create or delete, or to wait. Pure.
// Mirrors pkg/controller/statefulset/stateful_set_control.go: ordered unless Parallel, scale down from the highest
// ordinal, roll from the highest ordinal down to the partition.

import { isReady, isTerminal, isTerminating } from "../../kubernetes/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import { ordinalOf, revisionOfPod } from "./stateful-pod.ts";
import type { StatefulSet } from "./workload-kinds.ts";

export type StatefulStep =
  | { readonly action: "create"; readonly ordinal: number; readonly revision: string }
  | { readonly action: "delete"; readonly pod: Pod; readonly why: "failed" | "scale" | "update" };

export interface StatefulInput {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  readonly currentRevision: string;
  readonly updateRevision: string;
  /** Ready for at least `minReadySeconds`. */
  isAvailable(pod: Pod): boolean;
}

/** The steps to take now. Ordered sets take one at a time, the others all at once. */
export function planStatefulSet(input: StatefulInput): readonly StatefulStep[] {
  const ordered = input.set.spec.podManagementPolicy !== "Parallel";
  const { steps, blocked } = fillSlots(input, ordered);
  if (blocked) return steps;
  const scaling = scaleDown(input, ordered);
  if (ordered && scaling !== undefined) return scaling;
  return [...steps, ...(scaling ?? []), ...rollingUpdate(input)];
}

function firstOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

function slots(set: StatefulSet): readonly number[] {
  const start = firstOrdinal(set);
  return Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => start + index);
}

function byOrdinal({ set, pods }: StatefulInput): ReadonlyMap<number, Pod> {
  const found = new Map<number, Pod>();
  for (const pod of pods) {
    const ordinal = ordinalOf(pod, set);
    if (ordinal !== undefined) found.set(ordinal, pod);
  }
  return found;
}

/** Walks the wanted ordinals upwards; `blocked` when an ordered set has to wait before anything else. */
function fillSlots(
  input: StatefulInput,
  ordered: boolean,
): { readonly steps: readonly StatefulStep[]; readonly blocked: boolean } {
  const existing = byOrdinal(input);
  const steps: StatefulStep[] = [];
  for (const ordinal of slots(input.set)) {
    const pod = existing.get(ordinal);
    if (pod === undefined) {
      steps.push({ action: "create", ordinal, revision: revisionFor(input, ordinal) });
    } else if (isTerminal(pod) && !isTerminating(pod)) {
      steps.push({ action: "delete", pod, why: "failed" });
    }
    if (!ordered) continue;
    if (steps.length > 0) return { steps, blocked: true };
    if (pod !== undefined && (isTerminating(pod) || !input.isAvailable(pod))) {
      return { steps, blocked: true };
    }
  }
  return { steps, blocked: false };
}

/** New pods below the partition, or not yet reached by the update, still get the current template. */
function revisionFor(
  { set, currentRevision, updateRevision }: StatefulInput,
  ordinal: number,
): string {
  if (currentRevision === updateRevision) return updateRevision;
  const { updateStrategy } = set.spec;
  if (updateStrategy?.type === "OnDelete") return updateRevision;
  const partition = updateStrategy?.rollingUpdate?.partition;
  const first = firstOrdinal(set);
  const current =
    partition === undefined
      ? ordinal < first + (set.status?.currentReplicas ?? 0)
      : ordinal < first + partition;
  return current ? currentRevision : updateRevision;
}

/**
 * Undefined when there is nothing to scale down; empty when an ordered set has to wait: for a pod that is ending, or for
 * one that is not available while a lower one is not either.
 */
function scaleDown(input: StatefulInput, ordered: boolean): readonly StatefulStep[] | undefined {
  const wanted = new Set(slots(input.set));
  const condemned = [...byOrdinal(input)]
    .filter(([ordinal]) => !wanted.has(ordinal))
    .toSorted(([a], [b]) => b - a)
    .map(([, pod]) => pod);
  const [highest] = condemned;
  if (highest === undefined) return undefined;
  const remove = (pod: Pod): StatefulStep => ({ action: "delete", pod, why: "scale" });
  if (!ordered) return condemned.filter((pod) => !isTerminating(pod)).map(remove);
  if (isTerminating(highest)) return [];
  const firstUnhealthy = condemned.findLast((pod) => isTerminating(pod) || !isReady(pod));
  const waits = !input.isAvailable(highest) && highest !== firstUnhealthy;
  return waits ? [] : [remove(highest)];
}

/** From the highest ordinal down to the partition: the first pod of an old revision, unless one before it is unwell. */
function rollingUpdate(input: StatefulInput): readonly StatefulStep[] {
  const { set, updateRevision } = input;
  const { type = "RollingUpdate", rollingUpdate: rules } = set.spec.updateStrategy ?? {};
  if (type === "OnDelete") return [];
  const existing = byOrdinal(input);
  for (const ordinal of slots(set)
    .slice(rules?.partition ?? 0)
    .toReversed()) {
    const pod = existing.get(ordinal);
    if (pod === undefined || isTerminating(pod)) return [];
    if (revisionOfPod(pod) !== updateRevision) return [{ action: "delete", pod, why: "update" }];
    if (!isReady(pod) || !input.isAvailable(pod)) return [];
  }
  return [];
}
