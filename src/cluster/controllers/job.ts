// Runs a Job's pods to completion. How it ends is decided in job-outcome.ts, what counts in job-counts.ts.
// Mirrors pkg/controller/job/job_controller.go and pkg/controller/ttlafterfinished.

import { formatInstant } from "../../core/index.ts";
import { informerOf, isTerminating, POD, refOf } from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  Pod,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { JOB } from "./batch-kinds.ts";
import type { Job } from "./batch-kinds.ts";
import { creationDelayMs, indexDelayMs } from "./job-backoff.ts";
import { countJob, hasTrackingFinalizer, isFinished } from "./job-counts.ts";
import type { JobCounts } from "./job-counts.ts";
import { replacesOnlyFailed } from "./job-failure-policy.ts";
import { isIndexed } from "./job-indexes.ts";
import {
  finalCondition,
  judgeJob,
  pendingIndexes,
  pendingVerdict,
  surplusPods,
  untilDeadlineMs,
  wantedActive,
} from "./job-outcome.ts";
import type { JobVerdict } from "./job-outcome.ts";
import { jobPod } from "./job-pod.ts";
import { liveStatus, suspension, withFinalCondition, withInterimCondition } from "./job-status.ts";
import {
  hasUncounted,
  removeTrackingFinalizer,
  settleCounters,
  trackPods,
} from "./job-tracking.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { controllerKey, controllerOf } from "./owner.ts";
import { changesWorkload } from "./pod-availability.ts";
import { createPod, deletePods, isNamespaceTerminating } from "./pod-control.ts";
import { sortForDeletion } from "./pod-deletion-order.ts";
import { slowStart } from "./slow-start.ts";
import { writeStatus } from "./write-status.ts";

/** Pods created or deleted in one reconcile (`MaxPodCreateDeletePerSync`). */
const PODS_MAX = 500;
/** Pods whose finalizers changed hands are looked at again this soon. */
const RETRY_MS = 100;
/** Before the key of a pod; no key of a Job has a blank. */
const ORPHAN = "orphan ";
const MANAGED_BY = "kubernetes.io/job-controller";

export function jobController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const jobs = informerOf(context, JOB);
  const pods = informerOf(context, POD);
  const ownPods = (job: Job): readonly Pod[] => pods.ownedBy(job.metadata.uid ?? "");
  const fresh = (job: Job): Job => jobs.get(job.metadata.name, job.metadata.namespace) ?? job;

  /** Deletes pods that are no longer wanted; without the finalizer they do not count as failed. */
  const withdraw = async (job: Job, surplus: readonly Pod[]): Promise<void> => {
    for (const pod of surplus) await removeTrackingFinalizer(api, pod);
    const error = await deletePods(context, job, surplus);
    if (error !== undefined) throw error;
  };
  /** Brings the number of active pods to what is wanted; answers how long to wait for a back-off. */
  const manage = async (job: Job, counts: JobCounts): Promise<ReconcileResult | void> => {
    const suspended = job.spec.suspend === true;
    const wanted = suspended ? 0 : wantedActive(job, counts);
    const { active } = counts;
    const surplus = surplusPods(job, active, active.length - wanted, (list) =>
      sortForDeletion(list, [], clock.now()),
    );
    if (surplus.length > 0) return withdraw(job, surplus.slice(0, PODS_MAX));
    const ending = replacesOnlyFailed(job) ? counts.terminating : 0;
    const missing = Math.min(wanted - ending - active.length, PODS_MAX);
    if (suspended || missing <= 0) return undefined;
    return isIndexed(job)
      ? createIndexed(job, counts, missing)
      : createAfter(creationDelayMs(job, ownPods(job), clock.now()), job, missing);
  };
  const createAfter = async (
    delayMs: number,
    job: Job,
    count: number,
    template: (at: number) => ReturnType<typeof jobPod> = () => jobPod(job),
  ): Promise<ReconcileResult | void> => {
    if (delayMs > 0) return { requeueAfterMs: delayMs };
    const { error } = await slowStart(count, (at) => createPod(context, job, template(at)));
    if (error !== undefined && !isNamespaceTerminating(error)) throw error;
    return undefined;
  };
  const createIndexed = async (
    job: Job,
    counts: JobCounts,
    missing: number,
  ): Promise<ReconcileResult | void> => {
    const pending = pendingIndexes(job, ownPods(job), counts, missing);
    const replaced = (index: number): Pod | undefined => counts.delayed.get(index);
    if (job.spec.backoffLimitPerIndex === undefined) {
      const delayMs = creationDelayMs(job, ownPods(job), clock.now());
      return createAfter(delayMs, job, pending.length, (at) => jobPod(job, pending[at]));
    }
    const delays = pending.map((index) => indexDelayMs(replaced(index), clock.now()));
    const now = pending.filter((_, at) => delays[at] === 0);
    await createAfter(0, job, now.length, (at) => {
      const index = now[at];
      return jobPod(job, index, index === undefined ? undefined : replaced(index));
    });
    const waits = delays.filter((delayMs) => delayMs > 0);
    return waits.length === 0 ? undefined : { requeueAfterMs: Math.min(...waits) };
  };

  const run = async (job: Job): Promise<ReconcileResult | void> => {
    const now = clock.now();
    const counts = countJob(job, ownPods(job));
    const verdict = pendingVerdict(job) ?? judgeJob(job, ownPods(job), counts, now);
    let result: ReconcileResult | void = undefined;
    if (verdict === undefined) result = await manage(job, counts);
    else await stopPods(job, counts);
    const open = await track(job, counts, verdict);
    const deadline = verdict === undefined ? untilDeadlineMs(fresh(job), now) : undefined;
    const waits = [deadline, result?.requeueAfterMs, open ? RETRY_MS : undefined].filter(
      (waitMs) => waitMs !== undefined,
    );
    return waits.length === 0 ? undefined : { requeueAfterMs: Math.min(...waits) };
  };
  const stopPods = async (job: Job, counts: JobCounts): Promise<void> => {
    const error = await deletePods(context, job, counts.active);
    if (error !== undefined) throw error;
  };

  /** Writes the status, releases the pods it names, and writes what has changed; true when more is to be done. */
  const track = async (
    job: Job,
    counts: JobCounts,
    verdict: JobVerdict | undefined,
  ): Promise<boolean> => {
    const at = formatInstant(clock.now());
    const plan = trackPods(job, ownPods(job), counts, verdict);
    const suspended = verdict === undefined ? suspension(job) : undefined;
    const live = liveStatus(job, plan.status, countJob(job, ownPods(job)), { suspended, at });
    const first = verdict === undefined ? live : withInterimCondition(live, verdict, at);
    await writeStatus(context, job, first);
    if (suspended !== undefined) {
      const reason = suspended.status === "True" ? "Suspended" : "Resumed";
      context.event(job, "Normal", reason, suspended.message ?? "");
    }
    for (const pod of plan.release) await removeTrackingFinalizer(api, pod);
    const latest = fresh(job);
    const status = settleCounters(latest.status ?? first, ownPods(job));
    const left = countJob(latest, ownPods(job));
    const open = plan.more || hasUncounted(status);
    const over = verdict !== undefined && !open && left.active.length + left.terminating === 0;
    await writeStatus(context, latest, over ? withFinalCondition(status, verdict, at) : status);
    if (over) reportEnd(latest, verdict);
    return open;
  };
  const reportEnd = (job: Job, { type, reason, message }: JobVerdict): void => {
    if (type === "Failed") return context.event(job, "Warning", reason, message);
    const { completions } = job.spec;
    if (completions !== undefined && (fresh(job).status?.succeeded ?? 0) > completions) {
      const text = "Too many succeeded pods running after completion count reached";
      context.event(job, "Warning", "TooManySucceededPods", text);
    }
    context.event(job, "Normal", "Completed", "Job completed");
  };

  const afterEnd = async (job: Job): Promise<ReconcileResult | void> => {
    for (const pod of ownPods(job)) {
      if (hasTrackingFinalizer(pod) && (isFinished(pod) || isTerminating(pod)))
        await removeTrackingFinalizer(api, pod);
    }
    return expire(job);
  };
  const expire = async (job: Job): Promise<ReconcileResult | void> => {
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    const finishedAt = finalCondition(job)?.lastTransitionTime;
    if (ttl === undefined || finishedAt === undefined || isTerminating(job)) return undefined;
    const waitMs = Date.parse(finishedAt) + ttl * 1000 - clock.now();
    if (waitMs > 0) return { requeueAfterMs: waitMs };
    await api.delete(refOf(job), { propagationPolicy: "Foreground" });
    return undefined;
  };

  /** Of the pod's own Job; undefined once that is gone, or another one has its name. */
  const jobOf = (pod: Pod): Job | undefined => {
    const owner = controllerOf(pod);
    if (owner?.kind !== JOB.kind || owner.apiVersion !== JOB.apiVersion) return undefined;
    const job = jobs.get(owner.name, pod.metadata.namespace);
    return job?.metadata.uid === owner.uid ? job : undefined;
  };
  /** Pods whose Job is gone are counted by nobody (job_controller.go syncOrphanPod). */
  const isOrphan = (pod: Pod): boolean => {
    const owner = controllerOf(pod);
    const isOurs = owner === undefined || owner.kind === JOB.kind;
    return hasTrackingFinalizer(pod) && isOurs && jobOf(pod) === undefined;
  };
  const releaseOrphan = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key.slice(ORPHAN.length));
    const pod = pods.get(name, namespace);
    if (pod !== undefined && isOrphan(pod)) await removeTrackingFinalizer(api, pod);
  };

  return {
    name: "job-controller",
    setup(enqueue) {
      jobs.onChange((current, old) => {
        if (current !== undefined) return enqueue(objectKey(current));
        for (const pod of old === undefined ? [] : ownPods(old)) enqueue(ORPHAN + objectKey(pod));
      });
      pods.onChange((current, old) => {
        const pod = current ?? old;
        if (current !== undefined && isOrphan(current)) enqueue(ORPHAN + objectKey(current));
        const key = pod && controllerKey(pod, JOB);
        if (key !== undefined && changesWorkload(current, old)) enqueue(key);
      });
    },
    async reconcile(key) {
      if (key.startsWith(ORPHAN)) return releaseOrphan(key);
      const { namespace, name } = splitKey(key);
      const job = jobs.get(name, namespace);
      if (job === undefined) return undefined;
      if ((job.spec.managedBy ?? MANAGED_BY) !== MANAGED_BY) return expire(job);
      if (finalCondition(job) !== undefined || isTerminating(job)) return afterEnd(job);
      return run(job);
    },
  };
}
