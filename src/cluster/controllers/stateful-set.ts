// Runs a StatefulSet: claims, pods by ordinal, revisions, status. The order is decided in stateful-set-plan.ts.
// Mirrors pkg/controller/statefulset/{stateful_set,stateful_set_control,stateful_pod_control}.go.

import {
  informerOf,
  isAlreadyExists,
  isReady,
  isTerminating,
  POD,
  refOf,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  KubernetesObject,
  Pod,
} from "../../kubernetes/index.ts";
import { claimObjects } from "./claim.ts";
import { syncRevisions, templateOf, trimRevisions } from "./controller-revisions.ts";
import type { RevisionHistory } from "./controller-revisions.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { createOrphanIndex } from "./orphan-index.ts";
import { isAvailable, untilAvailableMs } from "./pod-availability.ts";
import { isNamespaceTerminating } from "./pod-control.ts";
import { syncClaimOwners } from "./stateful-claims.ts";
import { ordinalOf, revisionOfPod, statefulClaims, statefulPod } from "./stateful-pod.ts";
import { planStatefulSet } from "./stateful-set-plan.ts";
import type { StatefulStep } from "./stateful-set-plan.ts";
import { PERSISTENT_VOLUME_CLAIM } from "./storage-kinds.ts";
import { CONTROLLER_REVISION, STATEFUL_SET } from "./workload-kinds.ts";
import type { StatefulSet, StatefulSetStatus } from "./workload-kinds.ts";
import { watchOwnedPods } from "./watch-owned.ts";
import { omitZero, writeStatus } from "./write-status.ts";

/** How soon to look again at a claim that has yet to go. */
const STALE_CLAIM_MS = 1000;

export function statefulSetController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const sets = informerOf(context, STATEFUL_SET);
  const pods = informerOf(context, POD);
  const claims = informerOf(context, PERSISTENT_VOLUME_CLAIM);
  const revisions = informerOf(context, CONTROLLER_REVISION);
  const orphans = createOrphanIndex(pods);

  const createClaims = async (set: StatefulSet, ordinal: number): Promise<void> => {
    for (const claim of statefulClaims(set, ordinal)) {
      if (claims.get(claim.metadata.name, claim.metadata.namespace) !== undefined) continue;
      try {
        await api.create(claim);
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
        continue;
      }
      const pod = `${set.metadata.name}-${ordinal}`;
      const message = `Create Claim ${claim.metadata.name} Pod ${pod} in StatefulSet ${set.metadata.name} success`;
      context.event(set, "Normal", "SuccessfulCreate", message);
    }
  };
  const reported = async (
    set: StatefulSet,
    verb: "Create" | "Delete",
    podName: string,
    run: () => Promise<unknown>,
  ): Promise<void> => {
    const subject = `Pod ${podName} in StatefulSet ${set.metadata.name}`;
    try {
      await run();
      context.event(set, "Normal", `Successful${verb}`, `${verb} ${subject} successful`);
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      const why = error instanceof Error ? error.message : String(error);
      const message = `${verb.toLowerCase()} ${subject} failed error: ${why}`;
      context.event(set, "Warning", `Failed${verb}`, message);
      throw error;
    }
  };
  const take = async (
    set: StatefulSet,
    step: StatefulStep,
    history: RevisionHistory,
  ): Promise<"done" | "waiting"> => {
    if (step.action === "delete") {
      const { uid, name } = step.pod.metadata;
      const preconditions = uid === undefined ? {} : { preconditions: { uid } };
      await reported(set, "Delete", name, () => api.delete(refOf(step.pod), preconditions));
      return "done";
    }
    const { ordinal } = step;
    // The claim still goes with an earlier pod of this name: the new one gets a claim of its own.
    if (statefulClaims(set, ordinal).some(isStale(set, ordinal))) return "waiting";
    await createClaims(set, ordinal);
    const recorded = history.revisions.find(({ metadata }) => metadata.name === step.revision);
    const template = recorded === undefined ? set.spec.template : templateOf(recorded);
    const pod = statefulPod(set, template, step);
    await reported(set, "Create", pod.metadata.name, () => api.create(pod));
    return "done";
  };
  const isStale =
    (set: StatefulSet, ordinal: number) =>
    (wanted: KubernetesObject): boolean => {
      if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== "Delete") return false;
      const claim = claims.get(wanted.metadata.name, wanted.metadata.namespace);
      const podName = `${set.metadata.name}-${ordinal}`;
      const owners = claim?.metadata.ownerReferences ?? [];
      return owners.some(({ kind, name }) => kind === "Pod" && name === podName);
    };
  /** A pending pod whose claim was deleted gets another one. */
  const repairClaims = async (set: StatefulSet): Promise<void> => {
    for (const pod of ownPods(set)) {
      const ordinal = ordinalOf(pod, set);
      if (pod.status?.phase !== "Pending" || isTerminating(pod) || ordinal === undefined) continue;
      await createClaims(set, ordinal);
    }
  };
  const ownPods = (set: StatefulSet): readonly Pod[] =>
    pods.ownedBy(set.metadata.uid ?? "").filter((pod) => ordinalOf(pod, set) !== undefined);

  const reconcile = async (set: StatefulSet): Promise<{ requeueAfterMs: number } | void> => {
    const history = await syncRevisions(context, set, revisions, set.status?.collisionCount);
    const updateRevision = history.update.metadata.name;
    const currentRevision = knownRevision(set, history) ?? updateRevision;
    const { selector, minReadySeconds = 0 } = set.spec;
    await claimObjects(context, { owner: set, selector, informer: pods, orphans });
    const available = (pod: Pod): boolean => isAvailable(pod, minReadySeconds, clock.now());
    const waitsMs: number[] = [];
    if (!isTerminating(set)) {
      const steps = planStatefulSet({
        set,
        pods: ownPods(set),
        currentRevision,
        updateRevision,
        isAvailable: available,
      });
      for (const step of steps) {
        if ((await take(set, step, history)) === "waiting") waitsMs.push(STALE_CLAIM_MS);
      }
      await repairClaims(set);
      await syncClaimOwners(context, set, claims, ownPods(set));
    }
    const status = statusOf(set, ownPods(set), {
      history,
      currentRevision,
      isAvailable: available,
    });
    await writeStatus(context, set, status);
    const used = new Set([
      status.currentRevision,
      updateRevision,
      ...ownPods(set).map(revisionOfPod),
    ]);
    await trimRevisions(context, history.revisions, {
      limit: set.spec.revisionHistoryLimit ?? 10,
      isUsed: ({ metadata }) => used.has(metadata.name),
    });
    for (const pod of ownPods(set)) {
      waitsMs.push(untilAvailableMs(pod, minReadySeconds, clock.now()) ?? 0);
    }
    const soonest = Math.min(...waitsMs.filter((waitMs) => waitMs > 0));
    return soonest === Infinity ? undefined : { requeueAfterMs: soonest };
  };

  return {
    name: "statefulset-controller",
    setup(enqueue) {
      sets.onChange((current) => current && enqueue(objectKey(current)));
      watchOwnedPods({
        kind: STATEFUL_SET,
        owners: sets,
        pods,
        selectorOf: ({ spec }) => spec.selector,
        enqueue,
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const set = sets.get(name, namespace);
      return set === undefined ? undefined : reconcile(set);
    },
  };
}

/** The revision in the status, unless it has been deleted. */
function knownRevision(set: StatefulSet, { revisions }: RevisionHistory): string | undefined {
  const name = set.status?.currentRevision;
  return revisions.some(({ metadata }) => metadata.name === name) ? name : undefined;
}

function statusOf(
  set: StatefulSet,
  pods: readonly Pod[],
  options: {
    readonly history: RevisionHistory;
    readonly currentRevision: string;
    isAvailable(pod: Pod): boolean;
  },
): StatefulSetStatus {
  const updateRevision = options.history.update.metadata.name;
  const living = pods.filter((pod) => !isTerminating(pod));
  const of = (revision: string): number =>
    living.filter((pod) => revisionOfPod(pod) === revision).length;
  // Pods that are ending count as long as they answer.
  const running = pods.filter((pod) => pod.status?.phase === "Running");
  const counts = {
    replicas: pods.length,
    ready: running.filter(isReady).length,
    updated: of(updateRevision),
  };
  const rolls = set.spec.updateStrategy?.type !== "OnDelete";
  const done = rolls && counts.updated === counts.replicas && counts.ready === counts.replicas;
  const currentRevision = done ? updateRevision : options.currentRevision;
  return {
    ...omitZero({ observedGeneration: set.metadata.generation, readyReplicas: counts.ready }),
    replicas: counts.replicas,
    ...omitZero({ currentReplicas: of(currentRevision), updatedReplicas: counts.updated }),
    currentRevision,
    updateRevision,
    collisionCount: options.history.collisionCount,
    availableReplicas: running.filter(options.isAvailable).length,
  };
}
