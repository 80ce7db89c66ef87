// What a schedule promises over time: its longest gap, and whether two schedules meet.

import type { InstantMs } from "./clock.ts";
import { createCronSchedule, fieldSchedule } from "./cron-schedule.ts";
import { parseCron, type CronFields } from "./cron.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type DurationMs } from "./duration.ts";
import { invariant } from "./invariant.ts";
import { createOffsetOf } from "./time-zone.ts";

/** Far enough to see 29 February twice. */
const GAP_HORIZON_DAYS = 9 * 366;
/** A year of clock changes, and some. */
const CLOCK_CHANGE_DAYS = 400;

/**
 * The longest time between two runs following each other: what can be lost by a backup on this schedule. Looks
 * nine years ahead by the calendar and one year at clock changes; `undefined` when it runs less than twice.
 */
export function longestGap(
  text: string,
  from: InstantMs,
  timeZone: string = "UTC",
): DurationMs | undefined {
  const parsed = parseCron(text);
  invariant(parsed.kind !== "invalid", `schedule was validated: ${text}`);
  if (parsed.kind === "every") return parsed.intervalMs;
  const calendar = calendarGap(parsed.fields, from);
  if (calendar === undefined || timeZone === "UTC") return calendar;
  return Math.max(calendar, gapAtClockChanges(parsed.fields, from, timeZone));
}

/** By wall clock alone, as if every day had 24 hours. */
function calendarGap(fields: CronFields, from: InstantMs): DurationMs | undefined {
  const times = fields.hours.flatMap((hour) => fields.minutes.map((minute) => hour * 60 + minute));
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  let longest = Math.max(0, ...times.slice(1).map((time, at) => time - (times[at] ?? time)));
  const days = matchingDays(fields, Math.floor(from / DAY_MS));
  for (const [at, day] of days.slice(1).entries()) {
    longest = Math.max(longest, (day - (days[at] ?? day)) * 24 * 60 + first - last);
  }
  return longest === 0 ? undefined : longest * MINUTE_MS;
}

function matchingDays(fields: CronFields, firstDay: number): number[] {
  const days = Array.from({ length: GAP_HORIZON_DAYS }, (_, index) => firstDay + index);
  return days.filter((day) => matchesDay(fields, new Date(day * DAY_MS)));
}

function matchesDay(fields: CronFields, date: Date): boolean {
  if (!fields.months.includes(date.getUTCMonth() + 1)) return false;
  const byDate = fields.daysOfMonth.includes(date.getUTCDate());
  const byWeekday = fields.daysOfWeek.includes(date.getUTCDay());
  return fields.anyDayOfMonth || fields.anyDayOfWeek ? byDate && byWeekday : byDate || byWeekday;
}

/**
 * The longest gap of an hour or more around a clock change. Only the first and last minute of each hour are
 * walked: gaps inside an hour are the same on every day.
 */
function gapAtClockChanges(fields: CronFields, from: InstantMs, timeZone: string): DurationMs {
  const { minutes } = fields;
  const ends = [...new Set([minutes[0] ?? 0, minutes.at(-1) ?? 0])];
  const schedule = fieldSchedule({ ...fields, minutes: ends }, timeZone);
  let longest = 0;
  for (const change of clockChanges(from, timeZone)) {
    let run = schedule.previousRun(change) ?? change;
    while (run < change + 2 * DAY_MS) {
      const next = schedule.nextRun(run);
      if (next === undefined) break;
      longest = Math.max(longest, next - run);
      run = next;
    }
  }
  return longest >= HOUR_MS ? longest : 0;
}

/** The starts of the UTC days on which the zone's offset changes. */
function clockChanges(from: InstantMs, timeZone: string): InstantMs[] {
  const offsetOf = createOffsetOf(timeZone);
  const start = Math.floor(from / DAY_MS) * DAY_MS;
  const days = Array.from({ length: CLOCK_CHANGE_DAYS }, (_, index) => start + index * DAY_MS);
  return days.filter((day) => offsetOf(day) !== offsetOf(day + DAY_MS));
}

/** Something that runs on a schedule for a while. */
export interface ScheduledWork {
  readonly schedule: string;
  readonly timeZone?: string;
  readonly durationMs: DurationMs;
}

/** Schedules that have not met in this many steps, or this long, are taken never to meet. */
const OVERLAP_STEPS_MAX = 5000;
const OVERLAP_HORIZON_MS = CLOCK_CHANGE_DAYS * DAY_MS;

/** The first instant after `from` at which both are running, or `undefined`. */
export function firstOverlap(
  a: ScheduledWork,
  b: ScheduledWork,
  from: InstantMs,
): InstantMs | undefined {
  const [first, second] = [a, b].map((work) => createCronSchedule(work.schedule, work.timeZone));
  invariant(first && second, "one schedule for each work");
  let runA = first.nextRun(from);
  let runB = second.nextRun(from);
  for (let step = 0; step < OVERLAP_STEPS_MAX; step += 1) {
    if (runA === undefined || runB === undefined) return undefined;
    if (Math.max(runA, runB) - from > OVERLAP_HORIZON_MS) return undefined;
    if (runA + a.durationMs <= runB) runA = first.nextRun(Math.max(runA, runB - a.durationMs));
    else if (runB + b.durationMs <= runA)
      runB = second.nextRun(Math.max(runB, runA - b.durationMs));
    else return Math.max(runA, runB);
  }
  return undefined;
}
