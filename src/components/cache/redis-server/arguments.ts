// What the server is told. Words are those of valkey.conf (Redis 7.0 has all of them); the password comes by standard
// input, where no process list shows it.

import { invariant, parseQuantity, quantityValue } from "../../../core/index.ts";
import type { PlannedCache } from "../../../model/index.ts";

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
    String(bytesOf(cache.memory)),
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

/** What is kept until it is removed must never be evicted; sessions go before their time, a cache's oldest first. */
function evictionOf({ use }: PlannedCache): string {
  if (use.includes("structures")) return "noeviction";
  return use.includes("sessions") ? "volatile-lru" : "allkeys-lru";
}

function bytesOf(memory: string): number {
  const quantity = parseQuantity(memory);
  invariant(quantity !== undefined, `${memory} was read as a quantity`);
  return Math.floor(quantityValue(quantity));
}
