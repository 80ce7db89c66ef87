// Takes a backup through its phases and away when its time is over.

import { formatInstant } from "../../../../core/index.ts";
import type { ControllerFactory } from "../../../../kubernetes/index.ts";
import { BACKUP, keyOf, partsOf, writeStatus, type Backup } from "./resources.ts";

/** As long as a small cluster's objects take. */
const DURATION_MS = 30_000;
const DEFAULT_TTL_MS = 30 * 24 * 3_600_000;

export const backupController: ControllerFactory = (context) => {
  const backups = context.informer(BACKUP);
  return {
    name: "velero-backup",
    setup: (enqueue) => backups.onChange((current) => current && enqueue(keyOf(current))),
    async reconcile(key) {
      const { namespace, name } = partsOf(key);
      const backup = backups.get(name, namespace) as Backup | undefined;
      if (backup === undefined) return;
      const now = context.clock.now();
      const { phase, expiration } = backup.status ?? {};
      if (phase === undefined || phase === "New") {
        await writeStatus(context, BACKUP, key, {
          phase: "InProgress",
          startTimestamp: formatInstant(now),
          expiration: formatInstant(now + ttlMs(backup)),
        });
        return { requeueAfterMs: DURATION_MS };
      }
      if (phase === "InProgress") {
        const started = Date.parse(expiration ?? "") - ttlMs(backup);
        const left = started + DURATION_MS - now;
        if (left > 0) return { requeueAfterMs: left };
        await writeStatus(context, BACKUP, key, {
          phase: "Completed",
          completionTimestamp: formatInstant(now),
        });
        return;
      }
      const left = Date.parse(expiration ?? "") - now;
      if (left > 0) return { requeueAfterMs: left };
      if (left <= 0) await context.api.delete({ ...BACKUP, namespace, name });
    },
  };
};

/** Go's duration in whole hours, as `720h0m0s`. */
function ttlMs({ spec }: Backup): number {
  const hours = /^(\d+)h/.exec(spec?.ttl ?? "")?.[1];
  return hours === undefined ? DEFAULT_TTL_MS : Number(hours) * 3_600_000;
}
