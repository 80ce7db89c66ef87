// Counts, conditions and phase of a Rollout. Mirrors rollout/sync.go and utils/rollout/rolloututil.go CalculateRolloutPhase of
// argo-rollouts v1.9.1.

import { formatInstant } from "../../../../core/index.ts";
import type { Condition } from "../../../../kubernetes/index.ts";
import type { ReplicaSet, Rollout, RolloutStatus } from "./resources.ts";

type Status = RolloutStatus & { readonly conditions?: readonly Condition[] };

export function statusOf(
  rollout: Rollout,
  decided: RolloutStatus,
  sets: readonly ReplicaSet[],
  next: ReplicaSet,
  now: number,
): Status {
  const sum = (key: "replicas" | "readyReplicas" | "availableReplicas"): number =>
    sets.reduce((total, { status = {} }) => total + (status[key] ?? 0), 0);
  const counts = {
    replicas: sum("replicas"),
    HPAReplicas: sum("replicas"),
    readyReplicas: sum("readyReplicas"),
    availableReplicas: sum("availableReplicas"),
    updatedReplicas: next.status?.replicas ?? 0,
  };
  const generation = rollout.metadata.generation ?? 1;
  const [phase, message] = phaseOf(rollout, decided, counts);
  const { conditions = [] } = (rollout.status ?? {}) as Status;
  const isComplete = decided.stableRS === decided.currentPodHash;
  const isAborted = decided.abort === true && !isComplete;
  const revision = rollout.metadata.generation ?? 1;
  return {
    ...decided,
    ...counts,
    observedGeneration: String(generation),
    phase,
    message,
    conditions: [
      condition(
        "Available",
        counts.availableReplicas >= (rollout.spec.replicas ?? 1),
        "AvailableReason",
      ),
      condition("Healthy", phase === "Healthy", "RolloutHealthy"),
      condition("Completed", isComplete, "RolloutCompleted"),
      isAborted
        ? condition(
            "Progressing",
            false,
            "RolloutAborted",
            `Rollout aborted update to revision ${revision}`,
          )
        : condition(
            "Progressing",
            true,
            isComplete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
          ),
    ].map((wanted) => settled(conditions, wanted, now)),
  } as Status;
}

function condition(type: string, holds: boolean, reason: string, message = reason): Condition {
  return { type, status: holds ? "True" : "False", reason, message };
}

function settled(before: readonly Condition[], wanted: Condition, now: number): Condition {
  const known = before.find(({ type }) => type === wanted.type);
  if (known?.status === wanted.status && known.reason === wanted.reason) return known;
  const at = formatInstant(now);
  const since = known?.status === wanted.status ? known.lastTransitionTime : undefined;
  return { ...wanted, lastTransitionTime: since ?? at, lastUpdateTime: at } as Condition;
}

function phaseOf(
  { spec }: Rollout,
  { abort, pauseConditions = [], stableRS, currentPodHash }: RolloutStatus,
  counts: { readonly updatedReplicas: number; readonly availableReplicas: number },
): readonly [phase: string, message: string] {
  const isComplete = stableRS !== undefined && stableRS === currentPodHash;
  if (abort === true && !isComplete) return ["Degraded", "RolloutAborted: Rollout aborted update"];
  if (spec.paused === true) return ["Paused", "manually paused"];
  const [pause] = pauseConditions;
  if (pause !== undefined) return ["Paused", pause.reason];
  if (counts.updatedReplicas < (spec.replicas ?? 1))
    return ["Progressing", "more replicas need to be updated"];
  if (counts.availableReplicas < counts.updatedReplicas)
    return ["Progressing", "updated replicas are still becoming available"];
  if (isComplete) return ["Healthy", ""];
  return [
    "Progressing",
    spec.strategy.blueGreen === undefined
      ? "waiting for all steps to complete"
      : "active service cutover pending",
  ];
}
