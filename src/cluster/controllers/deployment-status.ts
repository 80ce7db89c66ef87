// A Deployment's counters and its Available, Progressing and ReplicaFailure conditions.
// Mirrors pkg/controller/deployment/{progress,sync}.go and util/deployment_util.go.

import { formatInstant } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import { findCondition, withoutCondition } from "./conditions.ts";
import { resolveBounds } from "./rolling-update.ts";
import type {
  Deployment,
  DeploymentStatus,
  ReplicaSet,
  WorkloadCondition,
} from "./workload-kinds.ts";
import { omitZero } from "./write-status.ts";

/** Reasons of the Progressing condition. */
const AVAILABLE = "NewReplicaSetAvailable";
const TIMED_OUT = "ProgressDeadlineExceeded";
const PAUSED = "DeploymentPaused";
const RESUMED = "DeploymentResumed";

export interface DeploymentView {
  readonly deployment: Deployment;
  readonly next: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

const total = (
  sets: readonly (ReplicaSet | undefined)[],
  count: (set: ReplicaSet) => number | undefined,
): number => sets.reduce((sum, set) => sum + (set === undefined ? 0 : (count(set) ?? 0)), 0);

export function desiredReplicas({ spec }: Deployment): number {
  return spec.replicas ?? 1;
}

/** Neither surge nor missing pods are allowed outside of a rolling update; no more pods can be missing than there are. */
export function boundsOf(deployment: Deployment): {
  readonly surge: number;
  readonly unavailable: number;
} {
  const { strategy } = deployment.spec;
  const desired = desiredReplicas(deployment);
  if (strategy?.type === "Recreate") return { surge: 0, unavailable: 0 };
  const { surge, unavailable } = resolveBounds(desired, strategy?.rollingUpdate ?? {});
  return { surge, unavailable: Math.min(unavailable, desired) };
}

/** Counters and the Available condition; the other conditions are carried over. */
export function countStatus(view: DeploymentView, now: InstantMs): DeploymentStatus {
  const { deployment, next, old } = view;
  const sets = [next, ...old];
  const available = total(sets, ({ status }) => status?.availableReplicas);
  const wanted = total(sets, ({ spec }) => spec.replicas);
  return {
    ...omitZero({
      observedGeneration: deployment.metadata.generation,
      replicas: total(sets, ({ status }) => status?.replicas),
      updatedReplicas: next?.status?.replicas,
      readyReplicas: total(sets, ({ status }) => status?.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, wanted - available),
      collisionCount: deployment.status?.collisionCount,
    }),
    terminatingReplicas: total(sets, ({ status }) => status?.terminatingReplicas),
    conditions: setCondition(
      deployment.status?.conditions ?? [],
      availability(available >= desiredReplicas(deployment) - boundsOf(deployment).unavailable),
      now,
    ),
  };
}

function availability(enough: boolean): ConditionText {
  return enough
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

export interface ConditionText {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** Does nothing when status and reason are the same already, whatever the message says. */
export function setCondition(
  conditions: readonly WorkloadCondition[],
  text: ConditionText,
  now: InstantMs,
): readonly WorkloadCondition[] {
  const current = findCondition(conditions, text.type);
  if (current?.status === text.status && current.reason === text.reason) return conditions;
  const at = formatInstant(now);
  const kept = current?.status === text.status ? (current.lastTransitionTime ?? at) : at;
  const next = { ...text, lastUpdateTime: at, lastTransitionTime: kept };
  return [...withoutCondition(conditions, text.type), next];
}

/** The status of a rollout in progress, with the Progressing and ReplicaFailure conditions. */
export function rolloutStatus(view: DeploymentView, now: InstantMs): DeploymentStatus {
  const counted = countStatus(view, now);
  const { deployment } = view;
  let conditions = counted.conditions ?? [];
  if (!hasDeadline(deployment)) conditions = withoutCondition(conditions, "Progressing");
  else if (!isFinished(deployment, counted)) conditions = progress(view, counted, conditions, now);
  conditions = copyFailure(view, conditions);
  return { ...counted, conditions };
}

/** The condition that says complete stays as it is until the template changes. */
function isFinished(deployment: Deployment, counted: DeploymentStatus): boolean {
  const current = findCondition(deployment.status?.conditions, "Progressing");
  return counted.replicas === counted.updatedReplicas && current?.reason === AVAILABLE;
}

function progress(
  view: DeploymentView,
  counted: DeploymentStatus,
  conditions: readonly WorkloadCondition[],
  now: InstantMs,
): readonly WorkloadCondition[] {
  const { deployment, next } = view;
  const subject =
    next === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${next.metadata.name}"`;
  const say = (status: "True" | "False", reason: string, what: string): ConditionText => ({
    type: "Progressing",
    status,
    reason,
    message: `${subject} has ${what}.`,
  });
  if (isComplete(deployment, counted)) {
    return setCondition(conditions, say("True", AVAILABLE, "successfully progressed"), now);
  }
  if (hasProgressed(deployment.status ?? {}, counted)) {
    const text = { ...say("True", "ReplicaSetUpdated", ""), message: `${subject} is progressing.` };
    return refreshCondition(conditions, text, now);
  }
  if (deadlinePassed(deployment, now)) {
    return setCondition(conditions, say("False", TIMED_OUT, "timed out progressing"), now);
  }
  return conditions;
}

/** Every step of progress moves `lastUpdateTime`, from which the deadline counts. */
function refreshCondition(
  conditions: readonly WorkloadCondition[],
  text: ConditionText,
  now: InstantMs,
): readonly WorkloadCondition[] {
  const at = formatInstant(now);
  const current = findCondition(conditions, text.type);
  const since = current?.status === text.status ? (current.lastTransitionTime ?? at) : at;
  return [
    ...withoutCondition(conditions, text.type),
    { ...text, lastUpdateTime: at, lastTransitionTime: since },
  ];
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = desiredReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === desired &&
    (status.replicas ?? 0) === desired &&
    (status.availableReplicas ?? 0) === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const grown = (count: (status: DeploymentStatus) => number | undefined): boolean =>
    (count(after) ?? 0) > (count(before) ?? 0);
  const oldPods = (status: DeploymentStatus): number =>
    (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    grown(({ updatedReplicas }) => updatedReplicas) ||
    oldPods(after) < oldPods(before) ||
    grown(({ readyReplicas }) => readyReplicas) ||
    grown(({ availableReplicas }) => availableReplicas)
  );
}

/** The condition to set when a Deployment has just been paused or resumed. */
export function pauseCondition({ spec, status }: Deployment): ConditionText | undefined {
  const current = findCondition(status?.conditions, "Progressing");
  if (current?.reason === TIMED_OUT) return undefined;
  const marked = current?.reason === PAUSED;
  if ((spec.paused === true) === marked) return undefined;
  return marked
    ? unknownProgress(RESUMED, "Deployment is resumed")
    : unknownProgress(PAUSED, "Deployment is paused");
}

function unknownProgress(reason: string, message: string): ConditionText {
  return { type: "Progressing", status: "Unknown", reason, message };
}

/** The API defaults the deadline to 600 s; the largest integer means "never". */
export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== 2 ** 31 - 1;
}

/** The instant at which a rollout that stands still counts as failed; undefined when none is under way. */
export function deadlineOf(deployment: Deployment): InstantMs | undefined {
  const current = findCondition(deployment.status?.conditions, "Progressing");
  if (!hasDeadline(deployment) || current?.lastUpdateTime === undefined) return undefined;
  if (current.reason === AVAILABLE || current.reason === PAUSED) return undefined;
  return Date.parse(current.lastUpdateTime) + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
}

function deadlinePassed(deployment: Deployment, now: InstantMs): boolean {
  const current = findCondition(deployment.status?.conditions, "Progressing");
  if (current?.reason === TIMED_OUT) return true;
  const deadline = deadlineOf(deployment);
  return deadline !== undefined && deadline < now;
}

/** A set that cannot create pods shows on its Deployment: the newest one first, then any other. */
function copyFailure(
  { next, old }: DeploymentView,
  conditions: readonly WorkloadCondition[],
): readonly WorkloadCondition[] {
  const rest = withoutCondition(conditions, "ReplicaFailure");
  for (const set of [next, ...old]) {
    const failure = findCondition(set?.status?.conditions, "ReplicaFailure");
    if (failure === undefined) continue;
    const at = failure.lastTransitionTime;
    return [...rest, { ...failure, ...(at === undefined ? {} : { lastUpdateTime: at }) }];
  }
  return rest;
}
