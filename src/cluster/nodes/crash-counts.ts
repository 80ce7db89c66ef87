// How often in a row the containers of a pod have crashed. Mirrors the back-off of pkg/kubelet, which a long run ends, and
// which begins anew with the process; the number of restarts stands in for it then.

import type { Clock } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import { CRASH_FORGOTTEN_MS } from "./crash-backoff.ts";
import { restartsOf } from "./stage-clock.ts";

export interface CrashCounts {
  of(pod: Pod): number;
  /** One more than `before`. */
  add(pod: Pod, before: number): void;
  forget(uid: string): void;
}

export function createCrashCounts(clock: Clock): CrashCounts {
  const counts = new Map<string, number>();
  return {
    of(pod) {
      const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt;
      const ranMs = startedAt === undefined ? 0 : clock.now() - Date.parse(startedAt);
      if (ranMs >= CRASH_FORGOTTEN_MS) return 0;
      return counts.get(pod.metadata.uid ?? "") ?? restartsOf(pod);
    },
    add: ({ metadata }, before) => void counts.set(metadata.uid ?? "", before + 1),
    forget: (uid) => void counts.delete(uid),
  };
}
