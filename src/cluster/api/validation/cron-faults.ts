// What is wrong with a schedule, in the words of the parser that Kubernetes uses: github.com/robfig/cron/v3 parser.go
// (ParseStandard), which stops at the first mistake.

import { parseDuration } from "../../../core/index.ts";

interface Field {
  readonly min: number;
  readonly max: number;
  /** The first stands for `min`. */
  readonly names: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];
const DESCRIPTORS = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
];
const EVERY = "@every ";

/** A time zone in front is left out of account. */
export function cronFault(schedule: string): string | undefined {
  const text = schedule.replace(/^(?:CRON_)?TZ=\S* /, "").trim();
  if (text.startsWith("@")) return descriptorFault(text);
  const items = text.split(/\s+/).filter((item) => item !== "");
  if (items.length !== FIELDS.length) {
    return `expected exactly 5 fields, found ${items.length}: [${items.join(" ")}]`;
  }
  return FIELDS.map((field, index) => fieldFault(items[index] ?? "", field)).find(isFault);
}

function isFault(fault: string | undefined): fault is string {
  return fault !== undefined;
}

function descriptorFault(text: string): string | undefined {
  if (DESCRIPTORS.includes(text)) return undefined;
  if (!text.startsWith(EVERY)) return `unrecognized descriptor: ${text}`;
  const given = text.slice(EVERY.length);
  const why = `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(given)}`;
  return parseDuration(given) === undefined ? why : undefined;
}

function fieldFault(text: string, field: Field): string | undefined {
  return text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => rangeFault(part, field))
    .find(isFault);
}

function rangeFault(text: string, field: Field): string | undefined {
  const [range = "", stepText, ...more] = text.split("/");
  const ends = readEnds(range, text, field);
  if (typeof ends === "string") return ends;
  const step = stepText === undefined ? 1 : readNumber(stepText);
  if (more.length > 0) return `too many slashes: ${text}`;
  if (typeof step === "string") return step;
  const [start, last] = ends;
  const isOpen = stepText !== undefined && !range.includes("-");
  return outsideFault(start, isOpen ? field.max : last, field, text) ?? stepFault(step, text);
}

function readEnds(range: string, text: string, field: Field): readonly [number, number] | string {
  const [first = "", last, ...more] = range.split("-");
  if (first === "*" || first === "?") return [field.min, field.max];
  const start = readValue(first, field);
  if (typeof start === "string") return start;
  if (more.length > 0) return `too many hyphens: ${text}`;
  const end = last === undefined ? start : readValue(last, field);
  return typeof end === "string" ? end : [start, end];
}

function readValue(text: string, { min, names }: Field): number | string {
  const place = names.indexOf(text.toLowerCase());
  return place < 0 ? readNumber(text) : place + min;
}

/** The number, or what is wrong with it. */
function readNumber(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
    return `failed to parse int from ${text}: ${why}`;
  }
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}

function outsideFault(start: number, end: number, field: Field, text: string): string | undefined {
  const { min, max } = field;
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${text}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return undefined;
}

function stepFault(step: number, text: string): string | undefined {
  return step === 0 ? `step of range should be a positive number: ${text}` : undefined;
}
