// When a cron schedule runs. The walk over days and time zones is croner's; the rules at clock changes are robfig/cron's
// (spec.go `Next`): a wall-clock time that does not exist is skipped, one that occurs twice runs twice.

import { Cron } from "croner";
import type { InstantMs } from "./clock.ts";
import { parseCron, type CronFields } from "./cron.ts";
import { invariant } from "./invariant.ts";

/** A schedule in one time zone. Both methods are exclusive of the instant given. */
export interface CronSchedule {
  /** `undefined` when it never runs again: 31 February. */
  nextRun(after: InstantMs): InstantMs | undefined;
  previousRun(before: InstantMs): InstantMs | undefined;
}

/** Expects a schedule and a zone that were validated. */
export function createCronSchedule(text: string, timeZone: string = "UTC"): CronSchedule {
  const parsed = parseCron(text);
  invariant(parsed.kind !== "invalid", `schedule was validated: ${text}`);
  if (parsed.kind === "every") return everySchedule(parsed.intervalMs);
  return fieldSchedule(parsed.fields, timeZone);
}

/** The first run after an instant, for one-off questions. */
export function nextRun(
  text: string,
  after: InstantMs,
  timeZone: string = "UTC",
): InstantMs | undefined {
  return createCronSchedule(text, timeZone).nextRun(after);
}

/** `@every` counts from the instant asked about, rounded down to the second, as robfig's ConstantDelay. */
function everySchedule(intervalMs: number): CronSchedule {
  const second = (instant: InstantMs): number => Math.floor(instant / 1000) * 1000;
  return {
    nextRun: (after) => second(after) + intervalMs,
    previousRun: (before) => second(before) - intervalMs,
  };
}

export function fieldSchedule(fields: CronFields, timeZone: string): CronSchedule {
  const cron = new Cron(cronerPattern(fields), { timezone: timeZone, mode: "6-part" });
  return {
    nextRun: (after) => cron.nextRun(new Date(after))?.getTime(),
    // Croner looks back from whole seconds; a fraction is rounded up so that the running second counts.
    previousRun: (before) =>
      cron.previousRuns(1, new Date(Math.ceil(before / 1000) * 1000))[0]?.getTime(),
  };
}

/**
 * Six fields for croner. The seconds carry a step, which makes every pattern an interval to croner, so that it
 * skips and repeats at clock changes as robfig/cron does.
 */
function cronerPattern(fields: CronFields): string {
  const { minutes, hours, daysOfMonth, months, daysOfWeek } = fields;
  const day = fields.anyDayOfMonth ? "*" : daysOfMonth.join(",");
  const weekday = fields.anyDayOfWeek ? "*" : daysOfWeek.join(",");
  return ["0-0/1", minutes.join(","), hours.join(","), day, months.join(","), weekday].join(" ");
}
