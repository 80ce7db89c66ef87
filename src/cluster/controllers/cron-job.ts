// Starts a CronJob's Jobs on its schedule, in its time zone, and keeps their history short.
// Mirrors pkg/controller/cronjob/cronjob_controllerv2.go: one pass changes a draft of the status, written once.

import {
  createCronSchedule,
  formatInstant,
  validateCron,
  validateTimeZone,
} from "../../core/index.ts";
import type { CronSchedule, InstantMs } from "../../core/index.ts";
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
import { byStart, jobFor, jobNameOf, referenceTo } from "./cron-job-object.ts";
import { mostRecentRun, nextRunDelay } from "./cron-job-times.ts";
import { finalCondition } from "./job-outcome.ts";
import { objectKey, splitKey } from "./object-key.ts";
import { controllerKey, controllerOf } from "./owner.ts";
import { isNamespaceTerminating } from "./pod-control.ts";
import { writeStatus } from "./write-status.ts";

/** The CronJob with the status as far as this pass has come. */
interface Draft {
  cronJob: CronJob;
}

export function cronJobController(context: ControllerContext): Controller {
  const { api, clock } = context;
  const cronJobs = informerOf(context, CRON_JOB);
  const jobs = informerOf(context, JOB);

  const reconcile = async (found: CronJob): Promise<ReconcileResult | void> => {
    const own = jobs.ownedBy(found.metadata.uid ?? "");
    const draft: Draft = { cronJob: found };
    let requeueAfterMs: number | undefined;
    try {
      await trimHistory(context, draft, own);
      await followJobs(context, draft, own);
      if (!isTerminating(found)) requeueAfterMs = await runSchedule(context, draft);
    } finally {
      await writeStatus(context, found, draft.cronJob.status ?? {});
    }
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  };

  return {
    name: "cronjob-controller",
    setup(enqueue) {
      cronJobs.onChange((current, old) => {
        if (current === undefined) return;
        // A new schedule counts from now on; what it would have run before is not made up for.
        const waitMs = isRescheduled(current, old)
          ? nextRunDelay(current, clock.now(), scheduleOf(current))
          : 0;
        enqueue(objectKey(current), Math.max(0, waitMs ?? 0));
      });
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

  /** Starts what is due; answers when to look again. */
  async function runSchedule(
    { event }: ControllerContext,
    draft: Draft,
  ): Promise<number | undefined> {
    const { cronJob } = draft;
    const { timeZone, suspend, schedule: text, concurrencyPolicy } = cronJob.spec;
    if (timeZone !== undefined && validateTimeZone(timeZone) !== undefined) {
      const why = `invalid timeZone: "${timeZone}": unknown time zone ${timeZone}`;
      event(cronJob, "Warning", "UnknownTimeZone", why);
      return undefined;
    }
    if (suspend === true) return undefined;
    const faults = validateCron(text);
    if (faults.length > 0) {
      const why = `unparseable schedule: "${text}" : ${faults.join("; ")}`;
      event(cronJob, "Warning", "UnparseableSchedule", why);
      return undefined;
    }
    const now = clock.now();
    const schedule = scheduleOf(cronJob);
    const run = mostRecentRun(cronJob, now, schedule, true);
    if (run === undefined) {
      const why = "time difference between two schedules is less than 1 second";
      event(cronJob, "Warning", "InvalidSchedule", `invalid schedule: ${text} : ${why}`);
      return undefined;
    }
    const { recent: due } = run;
    if (due !== undefined && run.missed === "many") {
      const why =
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
      event(cronJob, "Warning", "TooManyMissedTimes", why);
    }
    if (due === undefined || isHandled(cronJob, due)) return nextRunDelay(cronJob, now, schedule);
    if (concurrencyPolicy === "Forbid" && activeOf(cronJob).length > 0) {
      const why =
        "Not starting job because prior execution is running and concurrency policy is Forbid";
      event(cronJob, "Normal", "JobAlreadyActive", why);
      return nextRunDelay(cronJob, now, schedule);
    }
    if (concurrencyPolicy === "Replace") await replaceActive(draft);
    const started = await start(draft, due);
    return started ? nextRunDelay(draft.cronJob, now, schedule) : undefined;
  }

  async function replaceActive(draft: Draft): Promise<void> {
    for (const { name = "", namespace } of activeOf(draft.cronJob)) {
      const job = await api.get({ ...JOB, name, namespace }).catch((error: unknown) => {
        context.event(draft.cronJob, "Warning", "FailedGet", `Get job: ${textOf(error)}`);
        throw error;
      });
      await deleteJob(context, draft, job);
    }
  }

  /** False when the run belongs to somebody else, or had been noted before. */
  async function start(draft: Draft, due: InstantMs): Promise<boolean> {
    const { cronJob } = draft;
    const wanted = jobFor(cronJob, due);
    let job: KubernetesObject;
    try {
      job = await api.create(wanted);
      context.event(cronJob, "Normal", "SuccessfulCreate", `Created job ${job.metadata.name}`);
    } catch (error) {
      if (!isAlreadyExists(error)) {
        const why = `Error creating job: ${textOf(error)}`;
        if (!isNamespaceTerminating(error)) context.event(cronJob, "Warning", "FailedCreate", why);
        throw error;
      }
      job = await api.get(refOf(wanted));
      if (controllerOf(job)?.uid !== cronJob.metadata.uid) return false;
      if (isActive(cronJob, job.metadata.uid)) return false;
    }
    const active = [...activeOf(cronJob), referenceTo(job)];
    setStatus(draft, { active, lastScheduleTime: formatInstant(due) });
    return true;
  }
}

async function trimHistory(
  context: ControllerContext,
  draft: Draft,
  own: readonly Job[],
): Promise<void> {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = draft.cronJob.spec;
  const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
  for (const [type, limit] of Object.entries(limits)) {
    const ended = own
      .filter((job) => finalCondition(job)?.type === type && !isTerminating(job))
      .toSorted(byStart);
    const over = limit === undefined ? 0 : Math.max(0, ended.length - limit);
    for (const job of ended.slice(0, over)) {
      // What cannot be deleted now is tried again with the next change.
      await deleteJob(context, draft, job).catch(() => undefined);
    }
  }
}

/** Jobs that have ended or are gone leave `status.active`; one that we never started is only mentioned. */
async function followJobs(
  { api, event }: ControllerContext,
  draft: Draft,
  own: readonly Job[],
): Promise<void> {
  for (const job of own) {
    const { uid, name } = job.metadata;
    const ended = finalCondition(job);
    if (ended === undefined) {
      if (isActive(draft.cronJob, uid)) continue;
      const live = (await api.get(refOf(draft.cronJob))) as CronJob;
      if (isActive(live, uid)) draft.cronJob = live;
      else {
        const why = `Saw a job that the controller did not create or forgot: ${name}`;
        event(draft.cronJob, "Warning", "UnexpectedJob", why);
      }
      continue;
    }
    if (isActive(draft.cronJob, uid)) {
      forget(draft, uid);
      const why = `Saw completed job: ${name}, condition: ${ended.type}`;
      event(draft.cronJob, "Normal", "SawCompletedJob", why);
    }
    const { lastSuccessfulTime = "" } = draft.cronJob.status ?? {};
    const completed = ended.type === "Complete" ? job.status?.completionTime : undefined;
    if (completed !== undefined && completed > lastSuccessfulTime)
      setStatus(draft, { lastSuccessfulTime: completed });
  }
  const there = new Set(own.map(({ metadata }) => metadata.uid));
  for (const { name = "", namespace, uid } of activeOf(draft.cronJob)) {
    if (there.has(uid)) continue;
    try {
      await api.get({ ...JOB, name, namespace });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      event(draft.cronJob, "Normal", "MissingJob", `Active job went missing: ${name}`);
      forget(draft, uid);
    }
  }
}

async function deleteJob(
  { api, event }: ControllerContext,
  draft: Draft,
  job: KubernetesObject,
): Promise<void> {
  const { uid, name } = job.metadata;
  try {
    await api.delete(refOf(job), { propagationPolicy: "Background" });
  } catch (error) {
    event(draft.cronJob, "Warning", "FailedDelete", `Deleted job: ${textOf(error)}`);
    throw error;
  }
  forget(draft, uid);
  event(draft.cronJob, "Normal", "SuccessfulDelete", `Deleted job ${name}`);
}

/** The run has its Job already, or had it. */
function isHandled(cronJob: CronJob, due: InstantMs): boolean {
  const { lastScheduleTime } = cronJob.status ?? {};
  if (lastScheduleTime !== undefined && Date.parse(lastScheduleTime) === due) return true;
  const named = jobNameOf(cronJob, due);
  return activeOf(cronJob).some(({ name }) => name === named);
}

/** Another schedule or zone than before, both of which can be read. */
function isRescheduled({ spec }: CronJob, old: CronJob | undefined): boolean {
  if (old === undefined) return false;
  const same = spec.schedule === old.spec.schedule && spec.timeZone === old.spec.timeZone;
  if (same || validateCron(spec.schedule).length > 0) return false;
  return spec.timeZone === undefined || validateTimeZone(spec.timeZone) === undefined;
}

function scheduleOf({ spec }: CronJob): CronSchedule {
  return createCronSchedule(spec.schedule, spec.timeZone);
}

function activeOf({ status }: CronJob): readonly ObjectReference[] {
  return status?.active ?? [];
}

function isActive(cronJob: CronJob, uid: string | undefined): boolean {
  return activeOf(cronJob).some((reference) => reference.uid === uid);
}

function forget(draft: Draft, uid: string | undefined): void {
  setStatus(draft, { active: activeOf(draft.cronJob).filter((one) => one.uid !== uid) });
}

function setStatus(draft: Draft, change: NonNullable<CronJob["status"]>): void {
  const { active = [], ...status } = { ...draft.cronJob.status, ...change };
  const kept = active.length === 0 ? status : { active, ...status };
  draft.cronJob = { ...draft.cronJob, status: kept };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
