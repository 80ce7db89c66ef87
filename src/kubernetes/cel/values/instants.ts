// Timestamps (RFC 3339) and durations (Go's), exact to the nanosecond (cel-go common/types/{timestamp,duration}.go).

import { CelDuration, CelError, CelTimestamp } from "./value.ts";

const SECOND = 1_000_000_000n;
const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;
/** Years 1 to 9999. */
const TIMESTAMP_MIN = -62_135_596_800n * SECOND;
const TIMESTAMP_MAX = 253_402_300_799n * SECOND + 999_999_999n;
const DURATION_MAX = 2n ** 63n - 1n;

const UNITS: Readonly<Record<string, bigint>> = {
  h: 3600n * SECOND,
  m: 60n * SECOND,
  s: SECOND,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
};
const TERM = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;

/** Undefined when the text is no instant. */
export function readTimestamp(text: string): CelTimestamp | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  const dayText = `${year}-${month}-${day}`;
  const date = new Date(`${dayText}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== dayText) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - zoneSeconds(zone);
  const nanos = BigInt(fraction.padEnd(9, "0"));
  return new CelTimestamp(BigInt(date.getTime()) * 1_000_000n + BigInt(seconds) * SECOND + nanos);
}

function zoneSeconds(zone: string): number {
  if (zone === "Z" || zone === "z") return 0;
  const size = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4, 6)) * 60;
  return zone.startsWith("-") ? -size : size;
}

export function readDuration(text: string): CelDuration | undefined {
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return new CelDuration(0n);
  let total = 0n;
  TERM.lastIndex = 0;
  while (TERM.lastIndex < body.length) {
    const [, whole = "", fraction = "", unit = ""] = TERM.exec(body) ?? [];
    const size = UNITS[unit];
    if (size === undefined || whole + fraction === "") return undefined;
    total += BigInt(whole || "0") * size;
    total += (BigInt(fraction || "0") * size) / 10n ** BigInt(fraction.length);
  }
  if (body === "" || total > DURATION_MAX) return undefined;
  return new CelDuration(text.startsWith("-") ? -total : total);
}

export function formatTimestamp({ nanos }: CelTimestamp): string {
  const seconds = floorDivide(nanos, SECOND);
  const rest = nanos - seconds * SECOND;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${fractionText(rest)}Z`;
}

export function formatCelDuration({ nanos }: CelDuration): string {
  const size = nanos < 0n ? -nanos : nanos;
  const text = `${size / SECOND}${fractionText(size % SECOND)}s`;
  return nanos < 0n ? `-${text}` : text;
}

function fractionText(nanos: bigint): string {
  if (nanos === 0n) return "";
  return `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
}

export function timestampInRange(nanos: bigint): CelTimestamp {
  if (nanos < TIMESTAMP_MIN || nanos > TIMESTAMP_MAX) throw new CelError("timestamp overflow");
  return new CelTimestamp(nanos);
}

export function durationInRange(nanos: bigint): CelDuration {
  if (nanos > DURATION_MAX || nanos < -DURATION_MAX - 1n) throw new CelError("integer overflow");
  return new CelDuration(nanos);
}

export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
