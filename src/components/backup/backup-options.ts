// Options every backup job shares.

import { parseDuration, SECOND_MS, type Path } from "../../core/index.ts";
import { reference, string, type PlannedBackup, type Schema } from "../../model/index.ts";

export interface ScheduleInput {
  /** Five cron fields, e.g. `0 3 * * *`. */
  schedule: string;
  /** IANA name, e.g. `Europe/Berlin`. Required: without it the node's own clock would decide. */
  timeZone: string;
  /** How long copies are kept, e.g. `7d`. */
  keep: string;
  /** Name of the bucket that receives them. */
  to: string;
}

export const SCHEDULE_FIELDS: {
  readonly schedule: Schema<string>;
  readonly timeZone: Schema<string>;
  readonly keep: Schema<string>;
  readonly to: Schema<string>;
} = {
  schedule: string("cron"),
  timeZone: string("timeZone"),
  keep: string("duration"),
  to: reference("bucket"),
};

/** What is copied, for who asks what can be lost. */
export function scheduled(
  of: string,
  { schedule, timeZone, keep }: Pick<ScheduleInput, "schedule" | "timeZone" | "keep">,
  origin: Path,
): PlannedBackup {
  return { of, schedule, timeZone, keepMs: parseDuration(keep) ?? 0, origin };
}

/** `7d` in whole seconds: the one unit every tool in the jobs understands. */
export function keepSeconds({ keep }: Pick<ScheduleInput, "keep">): number {
  return Math.ceil((parseDuration(keep) ?? 0) / SECOND_MS);
}
