// What timestamps and durations are made of (cel-go common/types/timestamp.go), in UTC or in a zone of the tz database or an offset
// such as `-08:00`.

import type { CelDuration, CelTimestamp } from "../values/value.ts";
import { CelError } from "../values/value.ts";
import { floorDivide } from "../values/instants.ts";
import type { Library } from "./overload.ts";

const DAY_MS = 86_400_000;

/** The instant as if its zone were UTC. */
type Reading = (local: Date, nanos: bigint) => number;

const READINGS: Readonly<Record<string, Reading>> = {
  getFullYear: (local) => local.getUTCFullYear(),
  getMonth: (local) => local.getUTCMonth(),
  getDayOfYear: (local) =>
    Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / DAY_MS),
  getDayOfMonth: (local) => local.getUTCDate() - 1,
  getDate: (local) => local.getUTCDate(),
  getDayOfWeek: (local) => local.getUTCDay(),
  getHours: (local) => local.getUTCHours(),
  getMinutes: (local) => local.getUTCMinutes(),
  getSeconds: (local) => local.getUTCSeconds(),
  getMilliseconds: (local) => local.getUTCMilliseconds(),
};

function readings(): Library {
  return Object.fromEntries(
    Object.entries(READINGS).flatMap(([name, read]) => [
      [`timestamp->${name}(): int`, (time: CelTimestamp) => part(time, "UTC", read)],
      [
        `timestamp->${name}(string): int`,
        (time: CelTimestamp, zone: string) => part(time, zone, read),
      ],
    ]),
  );
}

function part({ nanos }: CelTimestamp, zone: string, read: Reading): bigint {
  const ms = Number(floorDivide(nanos, 1_000_000n));
  return BigInt(read(new Date(ms + offsetMs(zone, ms)), nanos));
}

function offsetMs(zone: string, ms: number): number {
  if (zone === "UTC" || zone === "") return 0;
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (fixed !== null) {
    const size = (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000;
    return fixed[1] === "-" ? -size : size;
  }
  return namedOffset(zone, ms);
}

function namedOffset(zone: string, ms: number): number {
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      timeZoneName: "longOffset",
    }).formatToParts(ms);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    return offsetMs(name.slice(3), ms);
  } catch {
    throw new CelError(`unknown time zone ${zone}`);
  }
}

function whole(nanos: bigint, unit: bigint): bigint {
  return nanos / unit;
}

export const TIME: Library = {
  ...readings(),
  "duration->getHours(): int": ({ nanos }: CelDuration) => whole(nanos, 3_600_000_000_000n),
  "duration->getMinutes(): int": ({ nanos }: CelDuration) => whole(nanos, 60_000_000_000n),
  "duration->getSeconds(): int": ({ nanos }: CelDuration) => whole(nanos, 1_000_000_000n),
  "duration->getMilliseconds(): int": ({ nanos }: CelDuration) => whole(nanos, 1_000_000n),
};
