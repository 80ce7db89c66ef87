// How each engine is dumped as plain text or one archive, compressed, by the tools of its own image. Options as in the
// manuals of PostgreSQL 18 (pg_dump), MySQL 8.4 (mysqldump) and the MongoDB Database Tools 100 (mongodump).

import type { DatabaseEngine, PlannedDatabase } from "../../../model/index.ts";
import { variablePrefix } from "../../bindings/index.ts";

interface DumpScript {
  /** The folder's files end in it. */
  readonly suffix: string;
  /** Writes the dump to its standard output; fails as a whole when any part of it does. */
  command(prefix: string): string;
}

const DUMP_SCRIPTS: Readonly<Record<DatabaseEngine, DumpScript>> = {
  postgres: {
    suffix: "sql.gz",
    // Without owners and grants it restores under any role.
    command: (prefix) => `pg_dump --no-owner --no-privileges "$${prefix}_URL" | gzip`,
  },
  mysql: {
    suffix: "sql.gz",
    // One snapshot without locks; the password by standard input, where no process list shows it.
    command: (prefix) =>
      `printf '[client]\\npassword="%s"\\n' "$${prefix}_PASSWORD" | ` +
      `mysqldump --defaults-extra-file=/dev/stdin --host="$${prefix}_HOST" --port="$${prefix}_PORT" ` +
      `--user="$${prefix}_USERNAME" --single-transaction --no-tablespaces --skip-lock-tables ` +
      `--routines "$${prefix}_NAME" | gzip`,
  },
  mongodb: {
    suffix: "archive.gz",
    command: (prefix) => `mongodump --uri="$${prefix}_URL" --archive --gzip`,
  },
};

/** A dump into a file of the folder that says when it was made; for bash with pipefail. */
export function dumpScript({ provider, name }: PlannedDatabase, folder: string): string {
  const { suffix, command } = DUMP_SCRIPTS[provider];
  const prefix = `${variablePrefix(name)}_DATABASE`;
  return `${command(prefix)} > "${folder}/${name}-$(date -u +%Y-%m-%dT%H-%M-%SZ).${suffix}"`;
}
