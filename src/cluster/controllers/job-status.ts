// The status of a Job beside its counters: live counts, start, and the conditions. Pure.
// Mirrors pkg/controller/job/job_controller.go (syncJob, enactJobFinished).

import type { Job, JobCondition, JobStatus } from "./batch-kinds.ts";
import { withCondition } from "./conditions.ts";
import type { ConditionUpdate } from "./conditions.ts";
import type { JobCounts } from "./job-counts.ts";
import type { JobVerdict } from "./job-outcome.ts";
import { omitZero } from "./write-status.ts";

/** `active` is left out at zero, the others are always written. A Job that is resumed starts anew. */
export function liveStatus(
  job: Job,
  { active: _before, startTime, ...status }: JobStatus,
  counts: JobCounts,
  { suspended, at }: { readonly suspended: ConditionUpdate | undefined; readonly at: string },
): JobStatus {
  const started = suspended?.status === "False" ? at : (startTime ?? at);
  return {
    ...status,
    ...omitZero({ active: counts.active.length }),
    terminating: counts.terminating,
    ready: counts.ready,
    ...(job.spec.suspend === true ? {} : { startTime: started }),
    ...(suspended === undefined
      ? {}
      : { conditions: setJobCondition(status.conditions, suspended, at) }),
  };
}

/** The Suspended condition when it has to change. */
export function suspension({ spec, status }: Job): ConditionUpdate | undefined {
  const current = status?.conditions?.find(({ type }) => type === "Suspended");
  const suspended = spec.suspend === true;
  if (suspended === (current?.status === "True")) return undefined;
  return suspended
    ? { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" }
    : { type: "Suspended", status: "False", reason: "JobResumed", message: "Job resumed" };
}

/** Set as soon as it is known how the Job ends, while its pods may still be ending. */
export function withInterimCondition(
  status: JobStatus,
  { type, reason, message }: JobVerdict,
  at: string,
): JobStatus {
  const target = type === "Failed" ? "FailureTarget" : "SuccessCriteriaMet";
  const update: ConditionUpdate = { type: target, status: "True", reason, message };
  const startTime = status.startTime ?? at;
  return { ...status, startTime, conditions: setJobCondition(status.conditions, update, at) };
}

export function withFinalCondition(
  status: JobStatus,
  { type, reason, message }: JobVerdict,
  at: string,
): JobStatus {
  const update: ConditionUpdate = { type, status: "True", reason, message };
  const conditions = setJobCondition(status.conditions, update, at);
  return { ...status, conditions, ...(type === "Complete" ? { completionTime: at } : {}) };
}

function setJobCondition(
  conditions: readonly JobCondition[] | undefined,
  update: ConditionUpdate,
  at: string,
): readonly JobCondition[] {
  const current = conditions?.find(({ type }) => type === update.type);
  const probed = current?.status === update.status ? (current.lastProbeTime ?? at) : at;
  return withCondition(conditions, { ...update, lastProbeTime: probed }, at);
}
