// Starts a CronJob's Jobs on its schedule, in its time zone, and keeps their history short.
// Mirrors pkg/controller/cronjob/cronjob_controllerv2.go.

import { formatInstant, validateCron, validateTimeZone } from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import {
  informerOf,
  isAlreadyExists,
  isNotFound,
  isTerminating,
  refOf,
} from "../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  KubernetesObject,
  ReconcileResult,
} from "../../kubernetes/index.ts";
import { CRON_JOB, JOB } from "./batch-kinds.ts";
import type { CronJob, Job, ObjectReference } from "./batch-kinds.ts";
import { dueRun } from "./cron-job-times.ts";
import { finalCondition } from "./job-outcome.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { controllerKey, controllerReference } from "./owner.ts";
import { writeStatus } from "./write-status.ts";

const SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/** The controller looks a little after the scheduled instant (`nextScheduleDelta`). */
const REQUEUE_PAD_MS = 100;

export function cronJobController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const cronJobs = informerOf(context, CRON_JOB);
  const jobs = informerOf(context, JOB);
  const ownJobs = (cronJob: CronJob): readonly Job[] => jobs.ownedBy(cronJob.metadata.uid ?? "");
  const fresh = (cronJob: CronJob): CronJob =>
    cronJobs.get(cronJob.metadata.name, cronJob.metadata.namespace) ?? cronJob;

  const deleteJob = async (cronJob: CronJob, job: Job): Promise<void> => {
    try {
      await api.delete(refOf(job), { propagationPolicy: "Background" });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    context.event(cronJob, "Normal", "SuccessfulDelete", `Deleted job ${job.metadata.name}`);
  };
  const trimHistory = async (cronJob: CronJob): Promise<void> => {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
    const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
    for (const [type, limit] of Object.entries(limits)) {
      const ended = ownJobs(cronJob)
        .filter((job) => finalCondition(job)?.type === type && !isTerminating(job))
        .toSorted((a, b) => startOf(a) - startOf(b));
      for (const job of ended.slice(0, Math.max(0, ended.length - limit)))
        await deleteJob(cronJob, job);
    }
  };

  /** Jobs that have ended leave `status.active`, with an event. */
  const syncActive = async (cronJob: CronJob): Promise<CronJob> => {
    const own = ownJobs(cronJob);
    const running = own.filter((job) => finalCondition(job) === undefined);
    for (const reference of cronJob.status?.active ?? []) {
      const job = own.find(({ metadata }) => metadata.uid === reference.uid);
      const ended = job && finalCondition(job);
      if (ended === undefined) continue;
      const message = `Saw completed job: ${reference.name}, condition: ${ended.type}`;
      context.event(cronJob, "Normal", "SawCompletedJob", message);
    }
    const finished = own.flatMap(({ status }) =>
      status?.completionTime === undefined ? [] : [status.completionTime],
    );
    const last = [cronJob.status?.lastSuccessfulTime ?? "", ...finished].toSorted().at(-1);
    const { active: _before, ...status } = cronJob.status ?? {};
    const known = new Map(cronJob.status?.active?.map((reference) => [reference.uid, reference]));
    const active = running.map((job) => known.get(job.metadata.uid) ?? referenceTo(job));
    await writeStatus(context, cronJob, {
      ...status,
      ...(active.length === 0 ? {} : { active }),
      ...(last ? { lastSuccessfulTime: last } : {}),
    });
    return fresh(cronJob);
  };

  /** Starts the due run; while another one is active, Forbid leaves it due until that has ended or it is too late. */
  const start = async (cronJob: CronJob, due: InstantMs): Promise<void> => {
    const running = ownJobs(cronJob).filter((job) => finalCondition(job) === undefined);
    if (cronJob.spec.concurrencyPolicy === "Forbid" && running.length > 0) {
      const message =
        "Not starting job because prior execution is running and concurrency policy is Forbid";
      context.event(cronJob, "Normal", "JobAlreadyActive", message);
      return;
    }
    if (cronJob.spec.concurrencyPolicy === "Replace") {
      for (const job of running) await deleteJob(cronJob, job);
    }
    const job = jobFor(cronJob, due);
    try {
      await api.create(job);
      context.event(cronJob, "Normal", "SuccessfulCreate", `Created job ${job.metadata.name}`);
    } catch (error) {
      if (!isAlreadyExists(error)) {
        const why = error instanceof Error ? error.message : String(error);
        context.event(cronJob, "Warning", "FailedCreate", `Error creating job: ${why}`);
        throw error;
      }
    }
    const latest = fresh(cronJob);
    await writeStatus(context, latest, { ...latest.status, lastScheduleTime: formatInstant(due) });
    await syncActive(fresh(cronJob));
  };

  const reconcile = async (found: CronJob): Promise<ReconcileResult | void> => {
    const cronJob = await syncActive(found);
    await trimHistory(cronJob);
    if (isTerminating(cronJob) || cronJob.spec.suspend === true) return undefined;
    if (!isRunnable(context, cronJob)) return undefined;
    const now = clock.now();
    const { due, next, tooManyMissed } = dueRun(cronJob, now);
    if (tooManyMissed) {
      const message =
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
      context.event(cronJob, "Warning", "TooManyMissedTimes", message);
    }
    if (due !== undefined) await start(cronJob, due);
    return next === undefined ? undefined : { requeueAfterMs: next - now + REQUEUE_PAD_MS };
  };

  return {
    name: "cronjob-controller",
    setup(enqueue) {
      cronJobs.onChange((current) => current && enqueue(objectKey(current)));
      jobs.onChange((current, old) => {
        for (const job of [current, old]) {
          const key = job && controllerKey(job, CRON_JOB);
          if (key !== undefined) enqueue(key);
        }
      });
    },
    async reconcile(key) {
      const { namespace, name } = splitKey(key);
      const cronJob = cronJobs.get(name, namespace);
      return cronJob === undefined ? undefined : reconcile(cronJob);
    },
  };
}

/** Says so in an event when schedule or time zone cannot be read. */
function isRunnable(context: ControllerContext, cronJob: CronJob): boolean {
  const { schedule, timeZone } = cronJob.spec;
  const problems = validateCron(schedule);
  if (problems.length > 0) {
    const message = `unparseable schedule: "${schedule}" : ${problems.join("; ")}`;
    context.event(cronJob, "Warning", "UnparseableSchedule", message);
    return false;
  }
  if (timeZone !== undefined && validateTimeZone(timeZone) !== undefined) {
    context.event(cronJob, "Warning", "UnknownTimeZone", `unknown time zone "${timeZone}"`);
    return false;
  }
  return true;
}

/** The name holds the scheduled minute, so that one run is never started twice. */
function jobFor(cronJob: CronJob, due: InstantMs): KubernetesObject {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const scheduled = formatScheduled(due, cronJob.spec.timeZone);
  return {
    apiVersion: JOB.apiVersion,
    kind: JOB.kind,
    metadata: {
      name: `${cronJob.metadata.name}-${Math.floor(due / 60_000)}`,
      ...(cronJob.metadata.namespace === undefined
        ? {}
        : { namespace: cronJob.metadata.namespace }),
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED_AT]: scheduled },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec,
  };
}

/** RFC 3339 with the offset of the CronJob's time zone. */
function formatScheduled(due: InstantMs, timeZone: string | undefined): string {
  if (timeZone === undefined) return formatInstant(due);
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" });
  const name = parts.formatToParts(due).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const offset = name === "GMT" ? "Z" : name.slice("GMT".length);
  if (offset === "Z") return formatInstant(due);
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  const shiftMs = (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return formatInstant(due + shiftMs).replace("Z", offset);
}

function startOf({ status, metadata }: Job): number {
  return Date.parse(status?.startTime ?? metadata.creationTimestamp ?? "");
}

function referenceTo({ apiVersion, kind, metadata }: Job): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(uid === undefined ? {} : { uid }),
    apiVersion,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}
