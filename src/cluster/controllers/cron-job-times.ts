// Which run of a CronJob is due, and when to look again. Mirrors pkg/controller/cronjob/utils.go
// (mostRecentScheduleTime, nextScheduleTime, nextScheduleTimeDuration), approximation included: runs are counted by the
// gap between the next two, so a schedule with a rest each night may miss one after a long silence. Pure.

import type { CronSchedule, InstantMs } from "../../core/index.ts";
import type { CronJob } from "./batch-kinds.ts";

export interface RecentRun {
  /** The last run known, else the creation; not before the starting deadline when that is asked for. */
  readonly earliest: InstantMs;
  /** The latest run since then, up to and including now. */
  readonly recent: InstantMs | undefined;
  /** How many have been missed: more than a hundred are `many`; one alone is not missed. */
  readonly missed: "none" | "few" | "many";
}

const MISSED_MAX = 100;
/** The controller looks a little after the scheduled instant (`nextScheduleDelta`). */
const LOOK_LATER_MS = 100;

/** Undefined for a schedule that never runs twice: 31 February. */
export function mostRecentRun(
  { metadata, spec, status }: CronJob,
  now: InstantMs,
  schedule: CronSchedule,
  withDeadline: boolean,
): RecentRun | undefined {
  const since = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? "");
  const { startingDeadlineSeconds } = spec;
  const earliest =
    withDeadline && startingDeadlineSeconds !== undefined
      ? Math.max(since, now - startingDeadlineSeconds * 1000)
      : since;
  const first = schedule.nextRun(earliest);
  const second = first === undefined ? undefined : schedule.nextRun(first);
  if (first === undefined || second === undefined) return undefined;
  if (now < first) return { earliest, recent: undefined, missed: "none" };
  if (now < second) return { earliest, recent: first, missed: "none" };
  const gapS = Math.round((second - first) / 1000);
  const missed = Math.floor(Math.floor((now - first) / 1000) / gapS) + 1;
  return {
    earliest,
    // One gap further back than counted, so that uneven schedules find a real run of theirs.
    recent: latestRun(schedule, first + (missed - 2) * gapS * 1000, now),
    missed: missed > MISSED_MAX ? "many" : "few",
  };
}

function latestRun(
  schedule: CronSchedule,
  after: InstantMs,
  now: InstantMs,
): InstantMs | undefined {
  let latest: InstantMs | undefined;
  for (let at = schedule.nextRun(after); at !== undefined && at <= now; at = schedule.nextRun(at)) {
    latest = at;
  }
  return latest;
}

/** How long to wait before the CronJob is looked at again; undefined when the schedule never runs. */
export function nextRunDelay(
  cronJob: CronJob,
  now: InstantMs,
  schedule: CronSchedule,
): number | undefined {
  const found = mostRecentRun(cronJob, now, schedule, false);
  const unmissed = found?.missed === "none" ? found.earliest : now;
  const next = schedule.nextRun(found?.recent ?? unmissed);
  return next === undefined ? undefined : next + LOOK_LATER_MS - now;
}
