// Durations as text: Go's `time.ParseDuration` ("1h30m", "250ms"), plus whole days and weeks ("30d", "2w"), which
// definitions and Prometheus use but Go refuses. Inside, a duration is always a number of milliseconds.

/** A length of time in milliseconds; fractions allowed. */
export type DurationMs = number;

export const SECOND_MS: DurationMs = 1000;
export const MINUTE_MS: DurationMs = 60 * SECOND_MS;
export const HOUR_MS: DurationMs = 60 * MINUTE_MS;
export const DAY_MS: DurationMs = 24 * HOUR_MS;

const UNIT_MS: Readonly<Record<string, number>> = {
  w: 7 * DAY_MS,
  d: DAY_MS,
  h: HOUR_MS,
  m: MINUTE_MS,
  s: SECOND_MS,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

const TERM = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/y;

/** `"1h30m"` → 5,400,000; `undefined` when the text is no duration. A bare `0` is one, as in Go. */
export function parseDuration(text: string): DurationMs | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0;
  if (body === "") return undefined;
  let total = 0;
  TERM.lastIndex = 0;
  while (TERM.lastIndex < body.length) {
    const match = TERM.exec(body);
    if (!match) return undefined;
    total += Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? Number.NaN);
  }
  return sign * total || 0;
}

const COMPACT_UNITS: readonly (readonly [string, number])[] = [
  ["h", HOUR_MS],
  ["m", MINUTE_MS],
  ["s", SECOND_MS],
  ["ms", 1],
];

/** The shortest Go-compatible text: 5,400,000 → `"1h30m"`, 0 → `"0s"`. Rounded to whole milliseconds. */
export function formatDuration(duration: DurationMs): string {
  let rest = Math.round(Math.abs(duration));
  if (rest === 0) return "0s";
  let text = duration < 0 ? "-" : "";
  for (const [unit, size] of COMPACT_UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}

/** As `metav1.Duration` prints it: 5,400,000 → `"1h30m0s"`. Whole seconds; fractions print as decimals. */
export function formatGoDuration(duration: DurationMs): string {
  if (duration === 0) return "0s";
  const size = Math.abs(duration);
  const sign = duration < 0 ? "-" : "";
  if (size < SECOND_MS) return `${sign}${size}ms`;
  const hours = Math.floor(size / HOUR_MS);
  const minutes = Math.floor((size % HOUR_MS) / MINUTE_MS);
  const seconds = `${Number(((size % MINUTE_MS) / SECOND_MS).toFixed(3))}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** For people, in the two largest units: `24 h`, `5 min`, `1 h 52 min`, `3 d`. */
export function describeDuration(duration: DurationMs): string {
  const size = Math.abs(duration);
  if (size < SECOND_MS) return `${Math.round(size)} ms`;
  if (size < MINUTE_MS) return `${Number((size / SECOND_MS).toFixed(1))} s`;
  if (size < HOUR_MS) return twoUnits(size, [MINUTE_MS, "min"], [SECOND_MS, "s"]);
  if (size < 2 * DAY_MS) return twoUnits(size, [HOUR_MS, "h"], [MINUTE_MS, "min"]);
  return twoUnits(size, [DAY_MS, "d"], [HOUR_MS, "h"]);
}

type Unit = readonly [sizeMs: number, name: string];

function twoUnits(duration: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rounded = Math.round(duration / small) * small;
  const count = Math.floor(rounded / large);
  const rest = Math.round((rounded % large) / small);
  return rest === 0 ? `${count} ${largeName}` : `${count} ${largeName} ${rest} ${smallName}`;
}
