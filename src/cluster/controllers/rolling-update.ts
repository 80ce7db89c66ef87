// The arithmetic of Deployments: how far to surge, how many old pods may go, how a change of size is shared.
// Mirrors pkg/controller/deployment/rolling.go and util/deployment_util.go. Pure.

import type { IntOrPercent } from "./workload-kinds.ts";

/** Percentages round surge up and unavailability down; both zero would never move, so one pod may be missing. */
export function resolveBounds(
  replicas: number,
  {
    maxSurge = "25%",
    maxUnavailable = "25%",
  }: {
    readonly maxSurge?: IntOrPercent | undefined;
    readonly maxUnavailable?: IntOrPercent | undefined;
  },
): { readonly surge: number; readonly unavailable: number } {
  const surge = scaledValue(maxSurge, replicas, "up");
  const unavailable = scaledValue(maxUnavailable, replicas, "down");
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

/** `25%` of `total`, or the plain number. Anything else was refused by the API. */
export function scaledValue(value: IntOrPercent, total: number, rounding: "up" | "down"): number {
  const percent = typeof value === "string" && /^(\d+)%$/.exec(value);
  if (!percent) return Number(value);
  const exact = (Number(percent[1]) * total) / 100;
  return rounding === "up" ? Math.ceil(exact) : Math.floor(exact);
}

/** One ReplicaSet as the arithmetic sees it. */
export interface SetSize {
  /** `spec.replicas`. */
  readonly replicas: number;
  /** `status.availableReplicas`. */
  readonly available: number;
}

export interface RolloutSizes {
  /** `spec.replicas` of the Deployment. */
  readonly desired: number;
  readonly surge: number;
  readonly unavailable: number;
  readonly next: SetSize;
  /** Oldest first. */
  readonly old: readonly SetSize[];
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** How large the new set should be now: as many as the surge leaves room for. */
export function nextSetReplicas({ desired, surge, next, old }: RolloutSizes): number {
  if (next.replicas === desired) return desired;
  if (next.replicas > desired) return desired;
  const total = next.replicas + sum(old.map(({ replicas }) => replicas));
  const room = desired + surge - total;
  if (room <= 0) return next.replicas;
  return next.replicas + Math.min(room, desired - next.replicas);
}

/** The sizes of the old sets after this step: pods that never became available go first, then by age. */
export function oldSetReplicas({
  desired,
  unavailable,
  next,
  old,
}: RolloutSizes): readonly number[] {
  const sizes = old.map(({ replicas }) => replicas);
  const total = next.replicas + sum(sizes);
  const available = next.available + sum(old.map((set) => set.available));
  const minAvailable = desired - unavailable;
  let removable = total - minAvailable - Math.max(0, next.replicas - next.available);
  if (removable <= 0) return sizes;
  for (const [index, set] of old.entries()) {
    const broken = Math.min(Math.max(0, removable), Math.max(0, set.replicas - set.available));
    sizes[index] = set.replicas - broken;
    removable -= broken;
  }
  let spare = available - minAvailable;
  for (const [index, size] of sizes.entries()) {
    const step = Math.min(Math.max(0, spare), size);
    sizes[index] = size - step;
    spare -= step;
  }
  return sizes;
}

/** A set whose size takes part in sharing out a change of scale. */
export interface ShareSet {
  readonly replicas: number;
  /** Deployment size plus surge when the set was last scaled; undefined when never recorded. */
  readonly maxReplicas: number | undefined;
}

/**
 * Shares a change of scale among the active sets during a rollout, in proportion to their sizes; what rounding
 * leaves goes to the first. `sets` are sorted: largest first when growing, and likewise when shrinking.
 */
export function shareScale(
  sets: readonly ShareSet[],
  options: { readonly desired: number; readonly surge: number; readonly statusReplicas: number },
): readonly number[] {
  const { desired, surge, statusReplicas } = options;
  const allowed = desired > 0 ? desired + surge : 0;
  const toAdd = allowed - sum(sets.map(({ replicas }) => replicas));
  let added = 0;
  const sizes = sets.map((set) => {
    const wanted = fractionOf(set, { desired, surge, statusReplicas });
    const left = toAdd - added;
    const step = toAdd > 0 ? Math.min(wanted, left) : Math.max(wanted, left);
    added += toAdd === 0 ? 0 : step;
    return toAdd === 0 ? set.replicas : set.replicas + step;
  });
  if (sizes[0] !== undefined && toAdd !== 0) sizes[0] = Math.max(0, sizes[0] + toAdd - added);
  return sizes.map((size) => Math.max(0, size));
}

/** How much a set of this size grows or shrinks by its share of the change. */
export function fractionOf(
  { replicas, maxReplicas }: ShareSet,
  { desired, surge, statusReplicas }: { desired: number; surge: number; statusReplicas: number },
): number {
  if (desired === 0) return -replicas;
  const before = maxReplicas || statusReplicas;
  if (before === 0) return 0;
  return Math.round((replicas * (desired + surge)) / before) - replicas;
}
