// Cron schedules as a CronJob takes them: five fields or a nickname. The grammar is robfig/cron v3 `ParseStandard`
// (parser.go), which Kubernetes uses: no seconds, no `L`, `W` or `#`, Sunday is 0, `?` is `*`, `5/15` is `5-59/15`.

import { parseDuration } from "./duration.ts";

/** What a valid schedule says; sets are sorted. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  readonly daysOfWeek: readonly number[];
  /** An unrestricted day field, so that the other one alone decides; otherwise either may match. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

export type CronParse =
  | { readonly kind: "fields"; readonly fields: CronFields }
  | { readonly kind: "every"; readonly intervalMs: number }
  | { readonly kind: "invalid"; readonly messages: readonly string[] };

interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Three-letter names, the first standing for `min`. */
  readonly words: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const RULES: readonly FieldRule[] = [
  { name: "minute", min: 0, max: 59, words: [] },
  { name: "hour", min: 0, max: 23, words: [] },
  { name: "day of month", min: 1, max: 31, words: [] },
  { name: "month", min: 1, max: 12, words: MONTHS },
  { name: "day of week", min: 0, max: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

const NICKNAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
  }),
);

/** Reads a schedule; every mistake is reported, one message for each field. */
export function parseCron(text: string): CronParse {
  if (/^(CRON_)?TZ=/.test(text)) {
    return invalid("a schedule cannot set TZ; use the time zone field");
  }
  if (text.startsWith("@every ")) return parseEvery(text.slice("@every ".length));
  if (text.startsWith("@") && !NICKNAMES.has(text)) {
    return invalid(`unknown nickname ${text}; there are ${[...NICKNAMES.keys()].join(", ")}`);
  }
  return parseFields((NICKNAMES.get(text) ?? text).trim().split(/\s+/));
}

/** What is wrong with a schedule; empty when it is valid. */
export function validateCron(text: string): readonly string[] {
  const parsed = parseCron(text);
  return parsed.kind === "invalid" ? parsed.messages : [];
}

function invalid(...messages: readonly string[]): CronParse {
  return { kind: "invalid", messages };
}

function parseEvery(text: string): CronParse {
  const interval = parseDuration(text);
  if (interval === undefined || interval <= 0) return invalid(`"${text}" is not a duration`);
  return { kind: "every", intervalMs: Math.max(1, Math.floor(interval / 1000)) * 1000 };
}

function parseFields(texts: readonly string[]): CronParse {
  if (texts.length !== RULES.length) {
    const names = RULES.map((rule) => rule.name).join(", ");
    const count = texts[0] === "" ? 0 : texts.length;
    return invalid(`has ${count} fields instead of five: ${names}`);
  }
  const fields = RULES.map((rule, index) => parseField(texts[index] ?? "", rule));
  const messages = fields.flatMap((field) => (typeof field === "string" ? [field] : []));
  if (messages.length > 0) return invalid(...messages);
  const sets = fields.map((field) => (typeof field === "string" ? NO_VALUES : field));
  const [minutes = NO_VALUES, hours = NO_VALUES, day = NO_VALUES, months = NO_VALUES] = sets;
  const weekday = sets[4] ?? NO_VALUES;
  return {
    kind: "fields",
    fields: {
      minutes: minutes.values,
      hours: hours.values,
      daysOfMonth: day.values,
      months: months.values,
      daysOfWeek: weekday.values,
      anyDayOfMonth: day.any,
      anyDayOfWeek: weekday.any,
    },
  };
}

interface FieldValues {
  readonly values: readonly number[];
  /** A `*` or `?` without a step stands in the field. */
  readonly any: boolean;
}

const NO_VALUES: FieldValues = { values: [], any: false };

/** The values, or what is wrong. */
function parseField(text: string, rule: FieldRule): FieldValues | string {
  const values = new Set<number>();
  let any = false;
  for (const item of text.split(",")) {
    const range = parseItem(item, rule);
    if (typeof range === "string") return `${rule.name} "${text}": ${range}`;
    for (let value = range.low; value <= range.high; value += range.step) values.add(value);
    any ||= range.any;
  }
  return { values: [...values].toSorted((a, b) => a - b), any };
}

interface Item {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly any: boolean;
}

function parseItem(text: string, rule: FieldRule): Item | string {
  const match = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(text);
  if (!match) return `"${text}" is not a value, a range or a step`;
  const [, star, first, last, stepText] = match;
  const step = Number(stepText ?? 1);
  if (step === 0) return "a step of 0 never ends";
  if (star !== undefined) return { low: rule.min, high: rule.max, step, any: step === 1 };
  const low = parseValue(first ?? "", rule);
  const high = last === undefined ? low : parseValue(last, rule);
  if (low === undefined || high === undefined) {
    return `"${low === undefined ? first : last}" is not between ${rule.min} and ${rule.max}`;
  }
  if (low > high) return `the range ${first}-${last} runs backwards`;
  const open = last === undefined && stepText !== undefined;
  return { low, high: open ? rule.max : high, step, any: false };
}

function parseValue(text: string, { min, max, words }: FieldRule): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + min;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}
