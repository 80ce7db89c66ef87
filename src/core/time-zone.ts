// IANA time zones, from the runtime's own tables.

import type { InstantMs } from "./clock.ts";

/** What is wrong with a time zone name, as a CronJob's `timeZone` takes it; `undefined` when it is known. */
export function validateTimeZone(name: string): string | undefined {
  if (name.toLowerCase() === "local") return "a time zone must be named, not Local";
  // Nobody lists these two; asking the runtime about one loads locale data, which takes longer than everything else here.
  if (name === "UTC" || name === "Etc/UTC") return undefined;
  const listed = Intl.supportedValuesOf("timeZone");
  if (listed.includes(name)) return undefined;
  if (!/^[A-Za-z]/.test(name) || !isKnown(name)) return `"${name}" is not an IANA time zone`;
  const right = listed.find((zone) => zone.toLowerCase() === name.toLowerCase());
  return right === undefined ? undefined : `time zone names are case-sensitive: ${right}`;
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    // The runtime's only way to say that it does not know the name.
    return false;
  }
}

/** Local time minus UTC in milliseconds at an instant. */
export function createOffsetOf(timeZone: string): (instant: InstantMs) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (instant) => {
    const parts = format.formatToParts(instant);
    const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const match = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name);
    if (!match) return 0;
    const [, sign, hours, minutes, seconds] = match;
    const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
    return (sign === "-" ? -size : size) * 1000;
  };
}
