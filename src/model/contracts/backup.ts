// What a component copies, when, and how long it keeps the copies: enough to tell what can be lost.

import type { Path } from "../../core/index.ts";

export interface PlannedBackup {
  /** Class of data, by the names `recovery.rpo` has for them: `databases`, `buckets`, `cluster`. */
  readonly of: string;
  /** Cron. */
  readonly schedule: string;
  readonly timeZone: string;
  readonly keepMs: number;
  readonly origin: Path;
}
