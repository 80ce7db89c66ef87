import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstOverlap, longestGap } from "./cron-gap.ts";
import { createCronSchedule, nextRun } from "./cron-schedule.ts";
import { parseCron, validateCron } from "./cron.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./duration.ts";
import { validateTimeZone } from "./time-zone.ts";

const at = (text: string): number => Date.parse(text);
const iso = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString();

describe("validateCron", () => {
  it.each([
    "* * * * *",
    "0 2 * * *",
    "*/15 0-6,18-23 1,15 jan-mar MON-fri",
    "5/15 ? * * ?",
    "@daily",
    "@every 1h30m",
    "59 23 31 12 6",
  ])("accepts %s", (text) => expect(validateCron(text)).toEqual([]));

  it.each([
    ["", 1],
    ["* * * *", 1],
    ["* * * * * *", 1],
    ["60 24 0 13 7", 5],
    ["*/0 * * * *", 1],
    ["5-1 * * * *", 1],
    ["1,,2 * * * *", 1],
    ["* * L * *", 1],
    ["* * * * 1#2", 1],
    ["TZ=UTC 0 2 * * *", 1],
    ["@reboot", 1],
    ["@every soon", 1],
    ["-1 * * * *", 1],
  ])("finds what is wrong with %j", (text, count) => {
    expect(validateCron(text)).toHaveLength(count);
  });

  it("takes words that every object has for what they are: no schedules", () => {
    for (const word of ["valueOf", "constructor", "__proto__"]) {
      expect(validateCron(word).length).toBeGreaterThan(0);
    }
  });

  it("names the field and the range", () => {
    expect(validateCron("0 25 * * *")).toEqual(['hour "25": "25" is not between 0 and 23']);
  });
});

it.each([
  ["UTC", undefined],
  ["Europe/Berlin", undefined],
  ["America/New_York", undefined],
  ["europe/berlin", "time zone names are case-sensitive: Europe/Berlin"],
  ["Mars/Olympus", '"Mars/Olympus" is not an IANA time zone'],
  ["Local", "a time zone must be named, not Local"],
  ["+02:00", '"+02:00" is not an IANA time zone'],
  ["", '"" is not an IANA time zone'],
])("time zone %j: %s", (name, message) => expect(validateTimeZone(name)).toBe(message));

describe("runs", () => {
  it.each([
    ["0 2 * * *", "UTC", "2026-11-20T01:59:59Z", "2026-11-20T02:00:00.000Z"],
    ["0 2 * * *", "UTC", "2026-11-20T02:00:00Z", "2026-11-21T02:00:00.000Z"],
    ["0 2 * * *", "Europe/Berlin", "2026-11-20T00:00:00Z", "2026-11-20T01:00:00.000Z"],
    ["0 0 29 2 *", "UTC", "2026-11-20T00:00:00Z", "2028-02-29T00:00:00.000Z"],
    ["0 0 31 2 *", "UTC", "2026-11-20T00:00:00Z", undefined],
    // Either day field, when both are restricted.
    ["0 0 13 * 5", "UTC", "2026-11-20T00:00:00Z", "2026-11-27T00:00:00.000Z"],
    // A step is a restriction too; a star is not.
    ["0 0 */10 * *", "UTC", "2026-11-22T00:00:00Z", "2026-12-01T00:00:00.000Z"],
    ["@every 90s", "UTC", "2026-11-20T00:00:00.400Z", "2026-11-20T00:01:30.000Z"],
    // Spring forward: 02:30 does not exist on 8 March 2026 and is skipped.
    ["30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-09T06:30:00.000Z"],
    // Fall back: 01:30 exists twice on 1 November 2026 and runs twice.
    ["30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", "2026-11-01T05:30:00.000Z"],
    ["30 1 * * *", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00.000Z"],
  ])("%s in %s after %s", (text, zone, after, expected) => {
    expect(iso(nextRun(text, at(after), zone))).toBe(expected);
  });

  it("looks back", () => {
    const schedule = createCronSchedule("0 2 * * *");
    expect(iso(schedule.previousRun(at("2026-11-20T02:00:00Z")))).toBe("2026-11-19T02:00:00.000Z");
    expect(iso(schedule.previousRun(at("2026-11-20T02:00:00.500Z")))).toBe(
      "2026-11-20T02:00:00.000Z",
    );
  });

  it("agrees with testing every minute", () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 1000 }), (text, day) => {
        const after = at("2026-01-01T00:00:00Z") + day * DAY_MS;
        expect(iso(nextRun(text, after))).toBe(iso(firstMatch(text, after)));
      }),
      { numRuns: 60 },
    );
  });
});

const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min, max }).map(String),
    fc.integer({ min: 1, max: 9 }).map((step) => `*/${step}`),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  );
const schedules = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), fc.constant("*"), field(0, 6))
  .map((fields) => fields.join(" "));

/** The slow way: every minute of ninety days. */
function firstMatch(text: string, after: number): number | undefined {
  const parsed = parseCron(text);
  if (parsed.kind !== "fields") throw new Error(text);
  const { fields } = parsed;
  for (let instant = after + MINUTE_MS; instant < after + 90 * DAY_MS; instant += MINUTE_MS) {
    const date = new Date(instant);
    const inMonth = fields.daysOfMonth.includes(date.getUTCDate());
    const inWeek = fields.daysOfWeek.includes(date.getUTCDay());
    const day = fields.anyDayOfMonth || fields.anyDayOfWeek ? inMonth && inWeek : inMonth || inWeek;
    const time =
      fields.minutes.includes(date.getUTCMinutes()) && fields.hours.includes(date.getUTCHours());
    if (day && time) return instant;
  }
  return undefined;
}

describe("longestGap", () => {
  const from = at("2026-11-20T00:00:00Z");
  it.each([
    ["* * * * *", "UTC", MINUTE_MS],
    ["*/5 * * * *", "UTC", 5 * MINUTE_MS],
    ["*/7 * * * *", "UTC", 7 * MINUTE_MS],
    ["0 3 * * *", "UTC", DAY_MS],
    ["0 9-17 * * *", "UTC", 16 * HOUR_MS],
    ["0 9 * * 1-5", "UTC", 3 * DAY_MS],
    ["0 0 1 * *", "UTC", 31 * DAY_MS],
    ["0 0 29 2 *", "UTC", 1461 * DAY_MS],
    ["0 0 31 2 *", "UTC", undefined],
    ["@every 15m", "UTC", 15 * MINUTE_MS],
    // The night the clocks go back lasts an hour longer.
    ["0 3 * * *", "Europe/Berlin", 25 * HOUR_MS],
    // The run that does not exist leaves two days, less the hour that was skipped.
    ["30 2 * * *", "America/New_York", 47 * HOUR_MS],
    ["*/5 * * * *", "America/New_York", 5 * MINUTE_MS],
    ["0 3 * * *", "Asia/Kolkata", DAY_MS],
  ])("%s in %s", (text, zone, expected) => expect(longestGap(text, from, zone)).toBe(expected));
});

describe("firstOverlap", () => {
  const from = at("2026-11-20T00:00:00Z");
  const work = (schedule: string, minutes: number, timeZone = "UTC") => ({
    schedule,
    timeZone,
    durationMs: minutes * MINUTE_MS,
  });
  it.each([
    ["the same minute", work("0 2 * * *", 1), work("0 2 * * *", 1), "2026-11-20T02:00:00.000Z"],
    [
      "one runs into the other",
      work("0 2 * * *", 90),
      work("0 3 * * *", 5),
      "2026-11-20T03:00:00.000Z",
    ],
    ["touching is not meeting", work("0 2 * * *", 60), work("0 3 * * *", 60), undefined],
    [
      "in other zones",
      work("0 2 * * *", 5),
      work("0 3 * * *", 5, "Europe/Berlin"),
      "2026-11-20T02:00:00.000Z",
    ],
    ["only on Sundays", work("0 2 * * *", 60), work("30 2 * * 0", 5), "2026-11-22T02:30:00.000Z"],
    ["never", work("0 0 31 2 *", 60), work("* * * * *", 5), undefined],
  ])("%s", (_, a, b, expected) => {
    expect(iso(firstOverlap(a, b, from))).toBe(expected);
    expect(iso(firstOverlap(b, a, from))).toBe(expected);
  });
});
