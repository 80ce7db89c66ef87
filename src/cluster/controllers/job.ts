// Runs a Job's pods to completion. How it ends is decided in job-outcome.ts, what counts in job-counts.ts.
// Mirrors pkg/controller/job/job_controller.go and pkg/controller/ttlafterfinished.

import { formatInstant } from "../../core/index.ts";
import {
  informerOf,
  isConflict,
  isNotFound,
  isTerminating,
  POD,
  refOf,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  Pod,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { JOB } from "./batch-kinds.ts";
import type { Job, JobCondition, JobStatus } from "./batch-kinds.ts";
import { withCondition } from "./conditions.ts";
import type { ConditionUpdate } from "./conditions.ts";
import {
  countJob,
  formatIndexes,
  hasTrackingFinalizer,
  indexOfPod,
  isFinished,
  parseIndexes,
  TRACKING_FINALIZER,
} from "./job-counts.ts";
import type { JobCounts } from "./job-counts.ts";
import {
  creationDelayMs,
  finalCondition,
  judgeJob,
  missingIndexes,
  pendingVerdict,
  untilDeadlineMs,
  wantedActive,
} from "./job-outcome.ts";
import type { JobVerdict } from "./job-outcome.ts";
import { jobPod } from "./job-pod.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { controllerKey } from "./owner.ts";
import { changesWorkload } from "./pod-availability.ts";
import { createPod, deletePods, isNamespaceTerminating } from "./pod-control.ts";
import { slowStart } from "./slow-start.ts";
import { omitZero, writeStatus } from "./write-status.ts";

/** Pods created in one reconcile (`maxPodCreateDeletePerSync`). */
const PODS_MAX = 500;

export function jobController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const jobs = informerOf(context, JOB);
  const pods = informerOf(context, POD);
  const ownPods = (job: Job): readonly Pod[] => pods.ownedBy(job.metadata.uid ?? "");

  const removeFinalizer = async (pod: Pod): Promise<void> => {
    const finalizers = pod.metadata.finalizers?.filter((name) => name !== TRACKING_FINALIZER) ?? [];
    const { uid, resourceVersion } = pod.metadata;
    const body = {
      metadata: { uid, resourceVersion, finalizers: finalizers.length === 0 ? null : finalizers },
    };
    try {
      await api.patch(refOf(pod), { type: "merge", body });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  };
  const fresh = (job: Job): Job => jobs.get(job.metadata.name, job.metadata.namespace) ?? job;

  /** Takes finished pods into the counters; the status names them before their finalizers go. */
  const settleFinished = async (job: Job, counts: JobCounts): Promise<Job> => {
    const { newSucceeded, newFailed } = counts;
    const uncounted = job.status?.uncountedTerminatedPods ?? {};
    const name = (list: readonly string[] | undefined, more: readonly Pod[]): readonly string[] => [
      ...(list ?? []),
      ...more.map(({ metadata }) => metadata.uid ?? ""),
    ];
    const named = {
      succeeded: name(uncounted.succeeded, newSucceeded),
      failed: name(uncounted.failed, newFailed),
    };
    if (named.succeeded.length + named.failed.length === 0) return job;
    const done = parseIndexes(job.status?.completedIndexes);
    for (const pod of newSucceeded) {
      const index = indexOfPod(pod);
      if (index !== undefined) done.add(index);
    }
    const indexes =
      job.spec.completionMode === "Indexed" ? { completedIndexes: formatIndexes(done) } : {};
    await writeStatus(context, job, {
      ...job.status,
      ...indexes,
      uncountedTerminatedPods: omitEmpty(named),
    });
    const uids = new Set([...named.succeeded, ...named.failed]);
    for (const pod of ownPods(job)) {
      if (uids.has(pod.metadata.uid ?? "") && hasTrackingFinalizer(pod)) await removeFinalizer(pod);
    }
    const latest = fresh(job);
    await writeStatus(context, latest, {
      ...latest.status,
      ...omitZero({
        succeeded: (job.status?.succeeded ?? 0) + named.succeeded.length,
        failed: (job.status?.failed ?? 0) + named.failed.length,
      }),
      uncountedTerminatedPods: {},
    });
    return fresh(job);
  };

  const createMissing = async (job: Job, counts: JobCounts): Promise<ReconcileResult | void> => {
    const missing = wantedActive(job, counts) - counts.active.length;
    const waiting = job.spec.podReplacementPolicy === "Failed" ? counts.terminating : 0;
    const count = Math.min(missing - waiting, PODS_MAX);
    if (missing < 0) {
      const error = await deletePods(context, job, counts.active.slice(0, -missing));
      if (error !== undefined) throw error;
    }
    if (count <= 0) return undefined;
    const delayMs = creationDelayMs(ownPods(job), clock.now());
    if (delayMs > 0) return { requeueAfterMs: delayMs };
    const indexed = job.spec.completionMode === "Indexed";
    const indexes = indexed ? missingIndexes(job, ownPods(job), count) : undefined;
    const { error } = await slowStart(indexes?.length ?? count, (at) =>
      createPod(context, job, jobPod(job, indexes?.[at])),
    );
    if (error !== undefined && !isNamespaceTerminating(error)) throw error;
    return undefined;
  };

  const run = async (start: Job): Promise<ReconcileResult | void> => {
    const now = clock.now();
    const before = countJob(start, ownPods(start));
    const verdict = pendingVerdict(start) ?? judgeJob(start, ownPods(start), before, now);
    const job = await settleFinished(start, before);
    const counts = countJob(job, ownPods(job));
    if (verdict !== undefined) return end(job, counts, verdict);
    if (job.spec.suspend === true) {
      const error = await deletePods(context, job, counts.active);
      if (error !== undefined) throw error;
    }
    const result = job.spec.suspend === true ? undefined : await createMissing(job, counts);
    await writeProgress(job);
    const deadline = untilDeadlineMs(fresh(job), now);
    const waits = [deadline, result?.requeueAfterMs].filter((waitMs) => waitMs !== undefined);
    return waits.length === 0 ? undefined : { requeueAfterMs: Math.min(...waits) };
  };

  const writeProgress = async (job: Job): Promise<void> => {
    const counts = countJob(job, ownPods(job));
    const latest = fresh(job);
    const suspended = suspension(latest);
    const at = formatInstant(clock.now());
    const conditions = suspended === undefined ? undefined : setJobCondition(latest, suspended, at);
    const { startTime: started, ...status } = latest.status ?? {};
    const resumed = suspended?.status === "False";
    const running = resumed || started === undefined ? at : started;
    const startTime = latest.spec.suspend === true ? undefined : running;
    await writeStatus(context, latest, {
      ...liveCounts(status, counts),
      ...(startTime === undefined ? {} : { startTime }),
      ...(conditions === undefined ? {} : { conditions }),
    });
    if (suspended === undefined) return;
    const [reason, message] =
      suspended.status === "True" ? ["Suspended", "Job suspended"] : ["Resumed", "Job resumed"];
    context.event(latest, "Normal", reason, message);
  };

  /** Deletes what still runs, records the verdict, and sets the final condition once every pod has ended. */
  const end = async (
    job: Job,
    counts: JobCounts,
    verdict: JobVerdict,
  ): Promise<ReconcileResult | void> => {
    const error = await deletePods(context, job, counts.active);
    if (error !== undefined) throw error;
    const settled = await settleFinished(fresh(job), countJob(fresh(job), ownPods(job)));
    const left = countJob(settled, ownPods(settled));
    const target = verdict.type === "Failed" ? "FailureTarget" : "SuccessCriteriaMet";
    const { reason, message } = verdict;
    const at = formatInstant(clock.now());
    let conditions = setJobCondition(
      settled,
      { type: target, status: "True", reason, message },
      at,
    );
    const over = left.active.length === 0 && left.terminating === 0;
    if (over) {
      const final = { type: verdict.type, status: "True" as const, reason, message };
      conditions = setJobCondition(
        { ...settled, status: { ...settled.status, conditions } },
        final,
        at,
      );
    }
    const ended = verdict.type === "Complete" && over ? { completionTime: at } : {};
    const startTime = settled.status?.startTime ?? at;
    const status: JobStatus = {
      ...liveCounts(settled.status ?? {}, left),
      startTime,
      conditions,
      ...ended,
    };
    await writeStatus(context, settled, status);
    if (!over) return undefined;
    if (verdict.type === "Complete") context.event(settled, "Normal", "Completed", "Job completed");
    else context.event(settled, "Warning", reason, message);
    return undefined;
  };

  const afterEnd = async (job: Job): Promise<ReconcileResult | void> => {
    for (const pod of ownPods(job)) {
      if (hasTrackingFinalizer(pod) && (isFinished(pod) || isTerminating(pod)))
        await removeFinalizer(pod);
    }
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    const finishedAt = finalCondition(job)?.lastTransitionTime;
    if (ttl === undefined || finishedAt === undefined || isTerminating(job)) return undefined;
    const waitMs = Date.parse(finishedAt) + ttl * 1000 - clock.now();
    if (waitMs > 0) return { requeueAfterMs: waitMs };
    await api.delete(refOf(job), { propagationPolicy: "Foreground" });
    return undefined;
  };

  return {
    name: "job-controller",
    setup(enqueue) {
      jobs.onChange((current) => current && enqueue(objectKey(current)));
      pods.onChange((current, old) => {
        const pod = current ?? old;
        const key = pod && controllerKey(pod, JOB);
        if (key !== undefined && changesWorkload(current, old)) enqueue(key);
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const job = jobs.get(name, namespace);
      if (job === undefined) return undefined;
      if (finalCondition(job) !== undefined || isTerminating(job)) return afterEnd(job);
      return run(job);
    },
  };
}

/** `active` is left out at zero, the others are always written. */
function liveCounts({ active: _before, ...status }: JobStatus, counts: JobCounts): JobStatus {
  return {
    ...status,
    ...omitZero({ active: counts.active.length }),
    terminating: counts.terminating,
    ready: counts.ready,
    uncountedTerminatedPods: status.uncountedTerminatedPods ?? {},
  };
}

/** The Suspended condition when it has to change. */
function suspension({ spec, status }: Job): ConditionUpdate | undefined {
  const current = status?.conditions?.find(({ type }) => type === "Suspended");
  const suspended = spec.suspend === true;
  if (suspended === (current?.status === "True")) return undefined;
  return suspended
    ? { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" }
    : { type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" };
}

function setJobCondition(job: Job, update: ConditionUpdate, at: string): readonly JobCondition[] {
  const current = job.status?.conditions?.find(({ type }) => type === update.type);
  const probed = current?.status === update.status ? (current.lastProbeTime ?? at) : at;
  return withCondition(job.status?.conditions, { ...update, lastProbeTime: probed }, at);
}

function omitEmpty<T extends Readonly<Record<string, readonly unknown[]>>>(lists: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(lists).filter(([, list]) => list.length > 0),
  ) as Partial<T>;
}
