// A week as it usually goes, as windows: runs of hours that need equally many replicas, each begun a little earlier. Equal windows of
// several days are one trigger.

import { invariant, parseDuration } from "../../../core/index.ts";
import type { Tagged, WeekSignal } from "../../../model/index.ts";

export interface Window {
  /** Cron. */
  readonly start: string;
  readonly end: string;
  readonly replicas: number;
}

const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;
const HOUR_MINUTES = 60;
const DAY_MINUTES = DAY_HOURS * HOUR_MINUTES;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const MINUTE_MS = 60_000;

/** Only hours that need more than `min`; none asks for more than `max`. */
export function windowsOf(
  { load, perReplica, ahead = "10m" }: Tagged<"week", WeekSignal>,
  { min, max }: { readonly min: number; readonly max: number },
): Window[] {
  const wanted = load.map((amount) => Math.min(max, Math.ceil(amount / perReplica)));
  const aheadMinutes = Math.round((parseDuration(ahead) ?? 0) / MINUTE_MS);
  const grouped = new Map<string, { spans: Span[]; replicas: number }>();
  for (const { from, hours, replicas } of runsOf(wanted).filter((run) => run.replicas > min)) {
    const start = from * HOUR_MINUTES - aheadMinutes;
    const span = { start: modulo(start), end: modulo((from + hours) * HOUR_MINUTES) };
    const key = [span.start % DAY_MINUTES, span.end % DAY_MINUTES, hours, replicas].join(" ");
    const group = grouped.get(key) ?? { spans: [], replicas };
    group.spans.push(span);
    grouped.set(key, group);
  }
  return [...grouped.values()].map(({ spans, replicas }) => ({
    start: cronOf(spans.map(({ start }) => start)),
    end: cronOf(spans.map(({ end }) => end)),
    replicas,
  }));
}

/** Minutes since Monday midnight. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Run {
  readonly from: number;
  readonly hours: number;
  readonly replicas: number;
}

/** The week is a circle: a run may go over Sunday midnight. */
function runsOf(wanted: readonly number[]): Run[] {
  const first = wanted.findIndex((replicas, hour) => replicas !== wanted.at(hour - 1));
  // The same all week long: a floor, not a window.
  if (first === -1) return [];
  const runs: Run[] = [];
  for (let step = 0; step < WEEK_HOURS; step += 1) {
    const hour = (first + step) % WEEK_HOURS;
    const replicas = wanted[hour] ?? 0;
    const last = runs.at(-1);
    if (last?.replicas === replicas) runs[runs.length - 1] = { ...last, hours: last.hours + 1 };
    else runs.push({ from: hour, hours: 1, replicas });
  }
  return runs;
}

const modulo = (minutes: number): number =>
  ((minutes % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;

/** One time of day on several days. Cron counts days from Sunday. */
function cronOf(minutes: readonly number[]): string {
  const [some] = minutes;
  invariant(some !== undefined, "a window has a beginning and an end");
  const days = minutes
    .map((minute) => (Math.floor(minute / DAY_MINUTES) + 1) % 7)
    .toSorted((a, b) => a - b);
  const inDay = some % DAY_MINUTES;
  return `${inDay % HOUR_MINUTES} ${Math.floor(inDay / HOUR_MINUTES)} * * ${days.join(",")}`;
}
