// Keeps as many pods as a ReplicaSet wants. Mirrors pkg/controller/replicaset/replica_set.go and
// replica_set_utils.go; expectations are not needed, because the informers hold our own writes.

import { formatInstant } from "../../core/index.ts";
import {
  informerOf,
  isForbidden,
  isTerminal,
  isTerminating,
  matchesLabelMap,
  POD,
} from "../../kubernetes/index.ts";
import type {
  Condition,
  ControllerContext,
  Controller,
  KindToken,
  LabelSelector,
  Pod,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { claimObjects } from "./claim.ts";
import { findCondition, withCondition, withoutCondition } from "./conditions.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { createOrphanIndex } from "./orphan-index.ts";
import { controllerOf } from "./owner.ts";
import { isActive, untilAvailableMs } from "./pod-availability.ts";
import { createPods, deletePods } from "./pod-control.ts";
import { sortForDeletion } from "./pod-deletion-order.ts";
import { REPLICA_SET, REPLICATION_CONTROLLER } from "./workload-kinds.ts";
import type { ReplicaSet, ReplicaSetStatus, ReplicationController } from "./workload-kinds.ts";
import { watchOwnedPods } from "./watch-owned.ts";
import { omitZero, writeStatus } from "./write-status.ts";

/** Pods created or deleted in one reconcile (`BurstReplicas`). */
const BURST_MAX = 500;

export function replicaSetController(context: ControllerContext): Controller {
  return keepReplicas<ReplicaSet>(context, {
    name: "replicaset-controller",
    kind: REPLICA_SET,
    selectorOf: ({ spec }) => spec.selector,
  });
}

/** Upstream too it is the same controller behind an adapter (pkg/controller/replication). */
export function replicationController(context: ControllerContext): Controller {
  return keepReplicas<ReplicationController>(context, {
    name: "replication-controller",
    kind: REPLICATION_CONTROLLER,
    selectorOf: ({ spec }) => ({ matchLabels: spec.selector ?? {} }),
  });
}

type Replicated = ReplicaSet | ReplicationController;

interface ReplicatedKind<T extends Replicated> {
  readonly name: string;
  readonly kind: KindToken<T>;
  selectorOf(owner: T): LabelSelector;
}

function keepReplicas<T extends Replicated>(
  context: ControllerContext,
  { name: controller, kind, selectorOf }: ReplicatedKind<T>,
): Controller {
  const replicaSets = informerOf(context, kind);
  const pods = informerOf(context, POD);
  const orphans = createOrphanIndex(pods);

  /** The pods of every set with the same controller: ranking spreads what stays of a whole Deployment. */
  const relatedPods = (replicaSet: T): readonly Pod[] => {
    const owner = controllerOf(replicaSet);
    const family = owner === undefined ? [replicaSet] : replicaSets.ownedBy(owner.uid);
    return family.flatMap(({ metadata }) => pods.ownedBy(metadata.uid ?? "")).filter(isActive);
  };

  return {
    name: controller,
    setup(enqueue) {
      replicaSets.onChange((current) => current && enqueue(objectKey(current)));
      watchOwnedPods({ kind, owners: replicaSets, pods, selectorOf, enqueue });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const replicaSet = replicaSets.get(name, namespace);
      if (replicaSet === undefined) return;
      const claimed = await claimObjects(context, {
        owner: replicaSet,
        selector: selectorOf(replicaSet),
        informer: pods,
        orphans,
      });
      const failure = isTerminating(replicaSet)
        ? undefined
        : await manageReplicas(context, replicaSet, claimed, () => relatedPods(replicaSet));
      const owned = pods.ownedBy(replicaSet.metadata.uid ?? "");
      const { status, requeueAfterMs } = replicaSetStatus(context, replicaSet, owned, failure);
      await writeStatus(context, replicaSet, status);
      if (failure?.retry === true) throw failure.error;
      return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
    },
  };
}

interface ReplicaFailure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly error: unknown;
  /** Refusals are tried again with back-off. */
  readonly retry: boolean;
}

async function manageReplicas(
  context: ControllerContext,
  replicaSet: Replicated,
  owned: readonly Pod[],
  related: () => readonly Pod[],
): Promise<ReplicaFailure | undefined> {
  const active = owned.filter(isActive);
  const difference = active.length - (replicaSet.spec.replicas ?? 1);
  if (difference === 0) return undefined;
  const count = Math.min(Math.abs(difference), BURST_MAX);
  if (difference < 0) {
    const error = await createPods(context, replicaSet, replicaSet.spec.template, count);
    return error === undefined ? undefined : { reason: "FailedCreate", error, retry: true };
  }
  const error = await deletePods(
    context,
    replicaSet,
    sortForDeletion(active, related(), context.clock.now()).slice(0, count),
  );
  return error === undefined
    ? undefined
    : { reason: "FailedDelete", error, retry: !isForbidden(error) };
}

function replicaSetStatus(
  context: ControllerContext,
  replicaSet: Replicated,
  owned: readonly Pod[],
  failure: ReplicaFailure | undefined,
): { readonly status: ReplicaSetStatus } & Partial<ReconcileResult> {
  const now = context.clock.now();
  const { minReadySeconds = 0, template } = replicaSet.spec;
  const templateLabels = template.metadata?.labels ?? {};
  let [active, labelled, ready, available, terminating] = [0, 0, 0, 0, 0];
  let soonest: number | undefined;
  for (const pod of owned) {
    if (isTerminal(pod)) continue;
    if (isTerminating(pod)) {
      terminating += 1;
      continue;
    }
    active += 1;
    if (matchesLabelMap(templateLabels, pod.metadata.labels)) labelled += 1;
    const waitMs = untilAvailableMs(pod, minReadySeconds, now);
    if (waitMs === undefined) continue;
    ready += 1;
    if (waitMs === 0) available += 1;
    else soonest = Math.min(soonest ?? Infinity, waitMs);
  }
  const conditions = failureConditions(replicaSet, failure, formatInstant(now));
  const status: ReplicaSetStatus = {
    replicas: active,
    ...omitZero({
      fullyLabeledReplicas: labelled,
      readyReplicas: ready,
      availableReplicas: available,
      observedGeneration: replicaSet.metadata.generation,
    }),
    // A replication controller's status has no such field.
    ...(replicaSet.kind === REPLICA_SET.kind ? { terminatingReplicas: terminating } : {}),
    ...(conditions.length === 0 ? {} : { conditions }),
  };
  return soonest === undefined ? { status } : { status, requeueAfterMs: soonest };
}

function failureConditions(
  { status }: Replicated,
  failure: ReplicaFailure | undefined,
  now: string,
): readonly Condition[] {
  if (failure === undefined) return withoutCondition(status?.conditions, "ReplicaFailure");
  const { reason, error } = failure;
  // The message names another pod every time: what is said once stays until it is over.
  const current = findCondition(status?.conditions, "ReplicaFailure");
  if (current !== undefined) return status?.conditions ?? [];
  const message = error instanceof Error ? error.message : String(error);
  return withCondition(
    status?.conditions,
    { type: "ReplicaFailure", status: "True", reason, message },
    now,
  );
}
