// Options of logical database dumps.

import { object, type Tagged } from "../../../model/index.ts";
import { SCHEDULE_FIELDS, type ScheduleInput } from "../backup-options.ts";

export type DatabaseDumpInput = ScheduleInput;
export type DatabaseDumpOptions = Readonly<ScheduleInput>;

export const databaseDumpSchema = object<DatabaseDumpInput, DatabaseDumpOptions>(SCHEDULE_FIELDS);

/** A compressed dump of every database, by the tools of its engine, on a schedule, into a bucket. */
export function databaseDump(
  options: DatabaseDumpInput,
): Tagged<"database-dump", DatabaseDumpInput> {
  return { kind: "database-dump", ...options };
}
