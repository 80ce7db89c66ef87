// Rolls a Deployment out over ReplicaSets, one step per reconcile: RollingUpdate within its bounds, or Recreate.
// Mirrors pkg/controller/deployment/{deployment_controller,rolling,recreate}.go.

import {
  informerOf,
  isTerminal,
  isTerminating,
  matchesSelector,
  POD,
} from "../../kubernetes/index.ts";
import type { Controller, ControllerContext, ReconcileResult } from "../../kubernetes/index.ts";
import { claimObjects, isOrphan } from "./claim.ts";
import { sortReplicaSets } from "./deployment-revisions.ts";
import type { ReplicaSets } from "./deployment-revisions.ts";
import {
  boundsOf,
  countStatus,
  deadlineOf,
  desiredReplicas,
  hasDeadline,
  isComplete,
  pauseCondition,
  rolloutStatus,
} from "./deployment-status.ts";
import { isActiveSet, isScalingEvent } from "./deployment-scale.ts";
import { createDeploymentWriter } from "./deployment-sync.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { createOrphanIndex } from "./orphan-index.ts";
import { controllerKey, controllerOf } from "./owner.ts";
import { nextSetReplicas, oldSetReplicas } from "./rolling-update.ts";
import type { RolloutSizes, SetSize } from "./rolling-update.ts";
import { DEPLOYMENT, REPLICA_SET } from "./workload-kinds.ts";
import type { Deployment, ReplicaSet } from "./workload-kinds.ts";
import { writeStatus } from "./write-status.ts";

/** Conditions carry whole seconds, so a deadline is looked at one second late (progress.go). */
const DEADLINE_SLACK_MS = 1000;

export function deploymentController(context: ControllerContext): Controller {
  const deployments = informerOf(context, DEPLOYMENT);
  const replicaSets = informerOf(context, REPLICA_SET);
  const pods = informerOf(context, POD);
  const orphans = createOrphanIndex(replicaSets);
  const writer = createDeploymentWriter(context, deployments, replicaSets);

  const reconcileSize = async (deployment: Deployment, sets: ReplicaSets): Promise<void> => {
    await writer.scale(deployment, sets);
    if (deployment.spec.paused === true) await writer.cleanUp(deployment, sets.old);
    const view = currentView(deployment);
    await writeStatus(context, view.deployment, countStatus(view, context.clock.now()));
  };
  const finish = async (deployment: Deployment): Promise<ReconcileResult | void> => {
    const view = currentView(deployment);
    const now = context.clock.now();
    const status = rolloutStatus(view, now);
    const outcome = await writeStatus(context, view.deployment, status);
    const deadline = deadlineOf(
      outcome === "unchanged" ? view.deployment : { ...view.deployment, status },
    );
    if (deadline === undefined || isComplete(deployment, status)) return undefined;
    return deadline < now ? undefined : { requeueAfterMs: deadline - now + DEADLINE_SLACK_MS };
  };
  const currentView = (
    deployment: Deployment,
  ): ReplicaSets & { readonly deployment: Deployment } => {
    const { name, namespace, uid } = deployment.metadata;
    const latest = deployments.get(name, namespace) ?? deployment;
    return { deployment: latest, ...sortReplicaSets(latest, replicaSets.ownedBy(uid ?? "")) };
  };

  const rollingUpdate = async (deployment: Deployment, before: ReplicaSets): Promise<void> => {
    const { next, old } = await writer.syncRevision(deployment, before, true);
    if (next === undefined) return;
    const sizes = rolloutSizes(deployment, next, old);
    const grown = await writer.scaleSet(deployment, next, nextSetReplicas(sizes));
    if (grown === "configured") return;
    const targets = oldSetReplicas(sizes);
    for (const [index, set] of old.entries()) {
      const replicas = targets[index] ?? 0;
      if (replicas !== (set.spec.replicas ?? 0)) await writer.scaleSet(deployment, set, replicas);
    }
  };
  const recreate = async (deployment: Deployment, before: ReplicaSets): Promise<void> => {
    const { old } = await writer.syncRevision(deployment, before, false);
    const active = old.filter(isActiveSet);
    for (const set of active) await writer.scaleSet(deployment, set, 0);
    if (active.length > 0 || old.some(hasRunningPods)) return;
    const { next } = await writer.syncRevision(deployment, currentView(deployment), true);
    if (next !== undefined) await writer.scaleSet(deployment, next, desiredReplicas(deployment));
  };
  const hasRunningPods = ({ metadata, status }: ReplicaSet): boolean =>
    (status?.replicas ?? 0) > 0 || pods.ownedBy(metadata.uid ?? "").some((pod) => !isTerminal(pod));

  return {
    name: "deployment-controller",
    setup(enqueue) {
      deployments.onChange((current) => current && enqueue(objectKey(current)));
      replicaSets.onChange((current, old) => {
        for (const set of [current, old]) {
          const key = set && controllerKey(set, DEPLOYMENT);
          if (key !== undefined) enqueue(key);
        }
        if (current === undefined || !isOrphan(current)) return;
        for (const candidate of deployments.list(current.metadata.namespace)) {
          if (matchesSelector(candidate.spec.selector, current.metadata.labels)) {
            enqueue(objectKey(candidate));
          }
        }
      });
      pods.onChange((current, old) => {
        // Only Recreate waits for pods rather than for ReplicaSets.
        const gone = current === undefined || isTerminal(current) ? (current ?? old) : undefined;
        const owner = gone && controllerOf(gone);
        if (gone === undefined || owner?.kind !== REPLICA_SET.kind) return;
        const set = replicaSets.get(owner.name, gone.metadata.namespace);
        const key = set && controllerKey(set, DEPLOYMENT);
        if (key === undefined) return;
        const { namespace, name } = splitKey(key);
        if (deployments.get(name, namespace)?.spec.strategy?.type === "Recreate") enqueue(key);
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const deployment = deployments.get(name, namespace);
      if (deployment === undefined) return undefined;
      const { selector } = deployment.spec;
      const owned = await claimObjects(context, {
        owner: deployment,
        selector,
        informer: replicaSets,
        orphans,
      });
      const sets = sortReplicaSets(deployment, owned);
      if (isTerminating(deployment)) {
        await writeStatus(
          context,
          deployment,
          countStatus({ deployment, ...sets }, context.clock.now()),
        );
        return undefined;
      }
      const pause = hasDeadline(deployment) ? pauseCondition(deployment) : undefined;
      if (pause !== undefined) {
        // The write comes back as a change of the Deployment, which is the next reconcile.
        await writer.setProgressing(deployment, pause);
        return undefined;
      }
      if (deployment.spec.paused === true || isScalingEvent(deployment, owned)) {
        const synced = await writer.syncRevision(deployment, sets, false);
        await reconcileSize(currentView(deployment).deployment, synced);
        return undefined;
      }
      if (deployment.spec.strategy?.type === "Recreate") await recreate(deployment, sets);
      else await rollingUpdate(deployment, sets);
      const result = await finish(deployment);
      const view = currentView(deployment);
      if (isComplete(view.deployment, view.deployment.status ?? {})) {
        await writer.cleanUp(view.deployment, view.old);
      }
      return result;
    },
  };
}

function rolloutSizes(
  deployment: Deployment,
  next: ReplicaSet,
  old: readonly ReplicaSet[],
): RolloutSizes {
  return {
    desired: desiredReplicas(deployment),
    ...boundsOf(deployment),
    next: sizeOf(next),
    old: old.map(sizeOf),
  };
}

function sizeOf({ spec, status }: ReplicaSet): SetSize {
  return { replicas: spec.replicas ?? 0, available: status?.availableReplicas ?? 0 };
}
