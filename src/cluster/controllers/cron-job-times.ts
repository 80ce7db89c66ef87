// Which run of a CronJob is due: only the latest of those missed, unless it is too late to start.
// Mirrors pkg/controller/cronjob/utils.go (mostRecentScheduleTime). Pure.

import { createCronSchedule } from "../../core/index.ts";
import type { CronSchedule, InstantMs } from "../../core/index.ts";
import type { CronJob } from "./batch-kinds.ts";

export interface DueRun {
  /** The scheduled instant to run now; undefined when none is due. */
  readonly due: InstantMs | undefined;
  /** The next one after now; undefined when the schedule never runs again. */
  readonly next: InstantMs | undefined;
  /** More than a hundred runs have been missed. */
  readonly tooManyMissed: boolean;
}

const MISSED_MAX = 100;

export function dueRun({ metadata, spec, status }: CronJob, now: InstantMs): DueRun {
  const schedule = createCronSchedule(spec.schedule, spec.timeZone);
  const earliest = Math.max(
    Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? ""),
    spec.startingDeadlineSeconds === undefined ? 0 : now - spec.startingDeadlineSeconds * 1000,
  );
  const next = schedule.nextRun(now);
  const last = lastRun(schedule, now);
  const due = last !== undefined && last > earliest ? last : undefined;
  return {
    due,
    next,
    tooManyMissed: due !== undefined && countMissed(schedule, earliest, now) > MISSED_MAX,
  };
}

/** The last scheduled instant up to and including now. */
function lastRun(schedule: CronSchedule, now: InstantMs): InstantMs | undefined {
  return schedule.previousRun(now + 1);
}

function countMissed(schedule: CronSchedule, after: InstantMs, now: InstantMs): number {
  let count = 0;
  for (let at = schedule.nextRun(after); at !== undefined && at <= now; at = schedule.nextRun(at)) {
    count += 1;
    if (count > MISSED_MAX) break;
  }
  return count;
}
