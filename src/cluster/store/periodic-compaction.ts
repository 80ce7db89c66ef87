// Forgets history as an API server makes etcd forget it: every five minutes, everything before the revision of five minutes
// ago. Nothing wakes up for it: what would have been compacted meanwhile is compacted when somebody writes or asks for the
// past. Mirrors k8s.io/apiserver pkg/storage/etcd3/compact.go and its default interval.

import type { Clock, InstantMs } from "../../core/index.ts";
import type { Revision, Store } from "./store.ts";

/** DefaultCompactInterval of k8s.io/apiserver pkg/storage/storagebackend/config.go. */
export const COMPACTION_INTERVAL_MS = 5 * 60 * 1000;

export function withPeriodicCompaction(
  store: Store,
  clock: Clock,
  intervalMs: number = COMPACTION_INTERVAL_MS,
): Store {
  let nextAt: InstantMs = clock.now() + intervalMs;
  /** The revision when the interval began. */
  let mark: Revision = store.revision;

  const catchUp = (): void => {
    const now = clock.now();
    if (now < nextAt) return;
    // Nobody wrote since the last look, so all intervals but the first began at the present revision.
    const passed = Math.floor((now - nextAt) / intervalMs) + 1;
    store.compact(passed === 1 ? mark : store.revision);
    mark = store.revision;
    nextAt += passed * intervalMs;
  };
  return {
    get revision() {
      return store.revision;
    },
    get settledRevision() {
      return store.settledRevision;
    },
    get: (key) => store.get(key),
    list(scope, at) {
      if (at !== undefined) catchUp();
      return store.list(scope, at);
    },
    count: (resource) => store.count(resource),
    put(key, object, expected) {
      catchUp();
      return store.put(key, object, expected);
    },
    delete(key, expected, last) {
      catchUp();
      return store.delete(key, expected, last);
    },
    watch(scope, onEvents) {
      catchUp();
      return store.watch(scope, onEvents);
    },
    compact: (revision) => store.compact(revision),
    settled: () => store.settled(),
  };
}
