// Three ranks of pods and how far they are apart.

import { integer, object, optional, type Tagged } from "../../../model/index.ts";

export interface PriorityClassesInput {
  /** What everything else stands on: delivery, ingress, data services, monitoring. Default 1000000. */
  platform?: number;
  /** People's apps, and whatever names no class. Default 100000. */
  apps?: number;
  /** Jobs; they wait for room and push nobody out. Default 10000. */
  batch?: number;
}

export interface PriorityClassesOptions {
  readonly platform: number;
  readonly apps: number;
  readonly batch: number;
}

/** HighestUserDefinablePriority in kubernetes pkg/apis/scheduling/types.go. */
const HIGHEST = 1_000_000_000;
const value = integer({ min: 0, max: HIGHEST });

export const priorityClassesSchema = object<PriorityClassesInput, PriorityClassesOptions>({
  platform: optional(value, 1_000_000),
  apps: optional(value, 100_000),
  batch: optional(value, 10_000),
});

/** Who goes first where room runs out. Chosen where the definition says nothing. */
export function priorityClasses(
  options: PriorityClassesInput = {},
): Tagged<"priority-classes", PriorityClassesInput> {
  return { kind: "priority-classes", ...options };
}
