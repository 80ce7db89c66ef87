// How a change of a Deployment's size is shared among its sets, without rolling. Pure.
// Mirrors scale in pkg/controller/deployment/sync.go.

import { byCreation, DESIRED_REPLICAS, MAX_REPLICAS } from "./deployment-revisions.ts";
import type { ReplicaSets } from "./deployment-revisions.ts";
import { boundsOf, desiredReplicas } from "./deployment-status.ts";
import { shareScale } from "./rolling-update.ts";
import type { Deployment, ReplicaSet } from "./workload-kinds.ts";

export interface ScaledSet {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

export function isActiveSet({ spec }: ReplicaSet): boolean {
  return (spec.replicas ?? 0) > 0;
}

/** The sets to size, which may have that size already. */
export function planScale(
  deployment: Deployment,
  { next, old }: ReplicaSets,
): readonly ScaledSet[] {
  const active = [...(next === undefined ? [] : [next]), ...old].filter(isActiveSet);
  const desired = desiredReplicas(deployment);
  const only = active.length > 1 ? undefined : (active[0] ?? next ?? old.at(-1));
  if (only !== undefined) return [{ set: only, replicas: desired }];
  if (next !== undefined && isSaturated(deployment, next)) {
    return old.filter(isActiveSet).map((set) => ({ set, replicas: 0 }));
  }
  return deployment.spec.strategy?.type === "Recreate" ? [] : shareOut(deployment, active);
}

function shareOut(deployment: Deployment, active: readonly ReplicaSet[]): readonly ScaledSet[] {
  const desired = desiredReplicas(deployment);
  const { surge } = boundsOf(deployment);
  const total = active.reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0);
  const allowed = desired > 0 ? desired + surge : 0;
  const sorted = active.toSorted(bySize(allowed >= total ? "grow" : "shrink"));
  const shares = sorted.map(({ spec, metadata }) => ({
    replicas: spec.replicas ?? 0,
    maxReplicas: Number(metadata.annotations?.[MAX_REPLICAS] ?? 0),
  }));
  const statusReplicas = deployment.status?.replicas ?? 0;
  const sizes = shareScale(shares, { desired, surge, statusReplicas });
  return sorted.map((set, index) => ({ set, replicas: sizes[index] ?? set.spec.replicas ?? 0 }));
}

/** Largest sets first; of equal ones the newer first when growing, the older first when shrinking. */
function bySize(direction: "grow" | "shrink"): (a: ReplicaSet, b: ReplicaSet) => number {
  const sign = direction === "grow" ? -1 : 1;
  return (a, b) => (b.spec.replicas ?? 0) - (a.spec.replicas ?? 0) || sign * byCreation(a, b);
}

/** The newest set has been scaled to the whole Deployment and all of it is available. */
export function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const desired = desiredReplicas(deployment);
  return (
    set.spec.replicas === desired &&
    Number(set.metadata.annotations?.[DESIRED_REPLICAS]) === desired &&
    (set.status?.availableReplicas ?? 0) === desired
  );
}

/** True when `spec.replicas` has changed since any active set was scaled. */
export function isScalingEvent(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  const desired = desiredReplicas(deployment);
  return sets.filter(isActiveSet).some(({ metadata }) => {
    const recorded = metadata.annotations?.[DESIRED_REPLICAS];
    return recorded !== undefined && Number(recorded) !== desired;
  });
}
