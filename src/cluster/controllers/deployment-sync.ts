// The writes of one Deployment: its newest ReplicaSet, sizes, history and status. The decisions are in
// rolling-update.ts, deployment-scale.ts, deployment-revisions.ts and deployment-status.ts.
// Mirrors pkg/controller/deployment/sync.go.

import { deepEqual } from "../../core/index.ts";
import { isAlreadyExists, isNotFound, refOf } from "../../kubernetes/index.ts";
import type { ControllerContext, TypedInformer } from "../../kubernetes/index.ts";
import {
  DESIRED_REPLICAS,
  equalIgnoringHash,
  latestRevision,
  MAX_REPLICAS,
  newReplicaSet,
  nextSetAnnotations,
  REVISION,
  sortReplicaSets,
  surplusSets,
} from "./deployment-revisions.ts";
import { boundsOf, desiredReplicas, hasDeadline, setCondition } from "./deployment-status.ts";
import type { ConditionText } from "./deployment-status.ts";
import { findCondition } from "./conditions.ts";
import { controllerOf } from "./owner.ts";
import { planScale } from "./deployment-scale.ts";
import { nextSetReplicas } from "./rolling-update.ts";
import type { Deployment, ReplicaSet } from "./workload-kinds.ts";
import type { ReplicaSets } from "./deployment-revisions.ts";
import { writeStatus } from "./write-status.ts";

export interface DeploymentWriter {
  /** Makes sure that the newest set exists when asked to, and that revisions and annotations are right. */
  syncRevision(deployment: Deployment, sets: ReplicaSets, create: boolean): Promise<ReplicaSets>;
  /** Sets the size of a set and records the event; `unchanged` when it has that size. */
  scaleSet(
    deployment: Deployment,
    set: ReplicaSet,
    replicas: number,
  ): Promise<"configured" | "unchanged">;
  /** Follows a change of `spec.replicas` without rolling. */
  scale(deployment: Deployment, sets: ReplicaSets): Promise<void>;
  /** Deletes empty old sets beyond the history limit. */
  cleanUp(deployment: Deployment, old: readonly ReplicaSet[]): Promise<void>;
  setProgressing(deployment: Deployment, text: ConditionText): Promise<void>;
}

export function createDeploymentWriter(
  context: ControllerContext,
  deployments: TypedInformer<Deployment>,
  replicaSets: TypedInformer<ReplicaSet>,
): DeploymentWriter {
  const { api, clock } = context;
  const fresh = ({ metadata }: Deployment): Deployment | undefined =>
    deployments.get(metadata.name, metadata.namespace);
  const updateSet = async (set: ReplicaSet, over: Partial<ReplicaSet>): Promise<void> => {
    await api.update({ ...set, ...over });
  };

  const scaleSet: DeploymentWriter["scaleSet"] = async (deployment, set, replicas) => {
    const before = set.spec.replicas ?? 0;
    const desired = desiredReplicas(deployment);
    const annotations = {
      ...set.metadata.annotations,
      [DESIRED_REPLICAS]: String(desired),
      [MAX_REPLICAS]: String(desired + boundsOf(deployment).surge),
    };
    if (before === replicas && deepEqual(annotations, set.metadata.annotations)) return "unchanged";
    await updateSet(set, {
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, replicas },
    });
    if (before === replicas) return "unchanged";
    const direction = replicas > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    context.event(deployment, "Normal", "ScalingReplicaSet", message);
    return "configured";
  };

  /** Writes the revision annotation and, for a rollout that starts, its first Progressing condition. */
  const markRevision = async (
    deployment: Deployment,
    revision: string | undefined,
    text: ConditionText | undefined,
  ): Promise<void> => {
    const { metadata, status } = deployment;
    const before = status?.conditions ?? [];
    const conditions =
      text === undefined || !hasDeadline(deployment)
        ? before
        : setCondition(before, text, clock.now());
    if (metadata.annotations?.[REVISION] === revision && conditions === before) return;
    const annotations = { ...metadata.annotations, ...(revision ? { [REVISION]: revision } : {}) };
    await api.update(
      { ...deployment, metadata: { ...metadata, annotations }, status: { ...status, conditions } },
      { subresource: "status" },
    );
  };

  const createSet = async (deployment: Deployment, sets: ReplicaSets): Promise<void> => {
    const desired = desiredReplicas(deployment);
    const { surge, unavailable } = boundsOf(deployment);
    const old = sets.old.map(({ spec, status }) => ({
      replicas: spec.replicas ?? 0,
      available: status?.availableReplicas ?? 0,
    }));
    const next = { replicas: 0, available: 0 };
    const replicas =
      deployment.spec.strategy?.type === "Recreate"
        ? desired
        : nextSetReplicas({ desired, surge, unavailable, next, old });
    const sizes = { replicas, desired, max: desired + surge };
    const revision = latestRevision(sets.old) + 1;
    const wanted = newReplicaSet(deployment, sizes, revision);
    try {
      await api.create(wanted);
    } catch (error) {
      if (!isAlreadyExists(error)) throw reported(deployment, wanted.metadata.name, error);
      return settleCollision(deployment, wanted.metadata.name);
    }
    const { name } = wanted.metadata;
    if (replicas > 0) {
      const message = `Scaled up replica set ${name} from 0 to ${replicas}`;
      context.event(deployment, "Normal", "ScalingReplicaSet", message);
    }
    await markRevision(deployment, String(revision), {
      type: "Progressing",
      status: "True",
      reason: "NewReplicaSetCreated",
      message: `Created new replica set "${name}"`,
    });
  };

  const reported = (deployment: Deployment, name: string, error: unknown): unknown => {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Failed to create new replica set "${name}": ${reason}`;
    context.event(deployment, "Warning", "ReplicaSetCreateError", message);
    return error;
  };

  /** The name is taken: by our own earlier attempt, or by another template with the same hash. */
  const settleCollision = async (deployment: Deployment, name: string): Promise<void> => {
    const { namespace, uid } = deployment.metadata;
    const taken = replicaSets.get(name, namespace);
    const ours = taken !== undefined && controllerOf(taken)?.uid === uid;
    if (ours && equalIgnoringHash(taken.spec.template, deployment.spec.template)) return;
    const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
    await writeStatus(context, deployment, { ...deployment.status, collisionCount });
  };

  const adoptRevision = async (deployment: Deployment, sets: ReplicaSets): Promise<void> => {
    const { next } = sets;
    if (next === undefined) return;
    const revision = latestRevision(sets.old) + 1;
    const annotations = nextSetAnnotations(deployment, next, revision);
    const { minReadySeconds } = deployment.spec;
    const readySoon = (next.spec.minReadySeconds ?? 0) === (minReadySeconds ?? 0);
    if (!readySoon || !deepEqual(annotations, next.metadata.annotations ?? {})) {
      await updateSet(next, {
        metadata: { ...next.metadata, annotations },
        // A generation of its own only when there is something new to observe.
        spec: readySoon ? next.spec : { ...next.spec, minReadySeconds: minReadySeconds ?? 0 },
      });
    }
    const first = findCondition(deployment.status?.conditions, "Progressing") === undefined;
    await markRevision(
      deployment,
      annotations[REVISION],
      first ? foundSet(next.metadata.name) : undefined,
    );
  };

  return {
    scaleSet,
    async syncRevision(deployment, sets, create) {
      if (sets.next !== undefined) await adoptRevision(deployment, sets);
      else if (create) await createSet(deployment, sets);
      const owned = replicaSets.ownedBy(deployment.metadata.uid ?? "");
      return sortReplicaSets(fresh(deployment) ?? deployment, owned);
    },
    async scale(deployment, sets) {
      for (const { set, replicas } of planScale(deployment, sets)) {
        await scaleSet(deployment, set, replicas);
      }
    },
    async cleanUp(deployment, old) {
      for (const set of surplusSets(old, deployment.spec.revisionHistoryLimit)) {
        await api.delete(refOf(set)).catch(ignoreNotFound);
      }
    },
    async setProgressing(deployment, text) {
      const conditions = setCondition(deployment.status?.conditions ?? [], text, clock.now());
      await writeStatus(context, deployment, { ...deployment.status, conditions });
    },
  };
}

function foundSet(name: string): ConditionText {
  return {
    type: "Progressing",
    status: "True",
    reason: "FoundNewReplicaSet",
    message: `Found new replica set "${name}"`,
  };
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
