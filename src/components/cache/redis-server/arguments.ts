// What the server is told. Words are those of valkey.conf (Redis 7.0 has all of them); the password comes by standard
// input, where no process list shows it.

import type { PlannedCache } from "../../../model/index.ts";
import { evictionOf, memoryBytes } from "../server.ts";

export const PASSWORD_VARIABLE = "REDIS_PASSWORD";

/** `sh -c … valkey WORDS`. The last word makes the server read the rest of its configuration from standard input. */
export const START_SCRIPT = `exec valkey-server "$@" - <<END
requirepass $${PASSWORD_VARIABLE}
END
`;

export function serverArguments(cache: PlannedCache, directory: string): string[] {
  return [
    "--dir",
    directory,
    "--maxmemory",
    String(memoryBytes(cache)),
    "--maxmemory-policy",
    evictionOf(cache),
    ...PERSISTENCE[cache.persistence],
  ];
}

const PERSISTENCE: Readonly<Record<PlannedCache["persistence"], readonly string[]>> = {
  none: ["--save", "", "--appendonly", "no"],
  // At most five minutes are lost when something changed.
  snapshot: ["--save", "300 1", "--appendonly", "no"],
  "append-only": ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"],
};
