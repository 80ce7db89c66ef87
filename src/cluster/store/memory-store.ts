// The store in memory: nothing is durable, everything is fast. Snapshots are rebuilt by undoing recent history.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { createEventHistory } from "./event-history.ts";
import type { EventHistory } from "./event-history.ts";
import { deepFreeze } from "./freeze.ts";
import { createObjectTable } from "./object-table.ts";
import type { ObjectTable } from "./object-table.ts";
import { CompactedError } from "./store.ts";
import type { Revision, Store, StoreEvent, StoreKey, StoreListScope } from "./store.ts";
import { createWatchHub } from "./watch-hub.ts";

export interface MemoryStoreOptions {
  /** Events kept per resource. Kubernetes' watch cache keeps 100 to 102,400. */
  readonly historyMax?: number;
  readonly startRevision?: Revision;
}

interface Shelf {
  readonly table: ObjectTable;
  readonly history: EventHistory;
}

/** Enough for a paged list of 10,000 pods while all of them change twice. */
const HISTORY_MAX = 20_000;

export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const historyMax = options.historyMax ?? HISTORY_MAX;
  const shelves = new Map<string, Shelf>();
  const hub = createWatchHub();
  let revision: Revision = options.startRevision ?? 0;
  let compacted: Revision = 0;

  const shelfOf = (resource: string): Shelf => {
    let shelf = shelves.get(resource);
    if (shelf === undefined) {
      shelf = { table: createObjectTable(), history: createEventHistory(historyMax) };
      shelves.set(resource, shelf);
    }
    return shelf;
  };
  const horizonOf = (shelf: Shelf): Revision => Math.max(compacted, shelf.history.horizon);
  const record = (shelf: Shelf, event: StoreEvent): void => {
    shelf.history.append(event);
    hub.publish(event);
  };

  return {
    get revision() {
      return revision;
    },
    get: (key) => shelves.get(key.resource)?.table.get(key.namespace, key.name),
    list(scope, at) {
      const shelf = shelfOf(scope.resource);
      const now = shelf.table.list(scope.namespace);
      if (at === undefined || at >= revision) return now;
      if (at < horizonOf(shelf)) throw new CompactedError(at, horizonOf(shelf));
      return rewind(now, shelf.history.after(at), scope);
    },
    count: (resource) => shelves.get(resource)?.table.size ?? 0,
    put(key, object, expected) {
      const shelf = shelfOf(key.resource);
      const previous = shelf.table.get(key.namespace, key.name);
      if (revisionOf(previous) !== expected) return { outcome: "conflict", current: previous };
      revision += 1;
      const stored = deepFreeze(stamp(object, revision));
      shelf.table.set(key.namespace, key.name, stored);
      record(shelf, { type: "put", key, revision, object: stored, previous });
      return { outcome: "stored", object: stored };
    },
    delete(key, expected, last) {
      const shelf = shelfOf(key.resource);
      const previous = shelf.table.get(key.namespace, key.name);
      if (previous === undefined || revisionOf(previous) !== expected) {
        return { outcome: "conflict", current: previous };
      }
      revision += 1;
      const gone = deepFreeze(stamp(last ?? previous, revision));
      shelf.table.remove(key.namespace, key.name);
      record(shelf, { type: "delete", key, revision, object: gone, previous });
      return { outcome: "stored", object: gone };
    },
    watch(scope, onEvents) {
      const shelf = shelfOf(scope.resource);
      if (scope.after < horizonOf(shelf)) {
        throw new CompactedError(scope.after, horizonOf(shelf));
      }
      return hub.subscribe(scope, shelf.history.after(scope.after), onEvents);
    },
    compact(upTo) {
      compacted = Math.max(compacted, Math.min(upTo, revision));
      for (const shelf of shelves.values()) shelf.history.dropUpTo(compacted);
    },
    settled: () => Promise.resolve(),
  };
}

/** The revision an object was last written at; 0 when absent. */
export function revisionOf(object: KubernetesObject | undefined): Revision {
  return object === undefined ? 0 : Number(object.metadata.resourceVersion ?? 0);
}

function stamp(object: KubernetesObject, revision: Revision): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

/** Undoes events, newest first, to get the state before them. */
function rewind(
  now: readonly KubernetesObject[],
  events: readonly StoreEvent[],
  scope: StoreListScope,
): readonly KubernetesObject[] {
  const state = new Map(now.map((object) => [sortKey(keyOf(object, scope.resource)), object]));
  for (const event of events.toReversed()) {
    if (scope.namespace !== undefined && event.key.namespace !== scope.namespace) continue;
    if (event.previous === undefined) state.delete(sortKey(event.key));
    else state.set(sortKey(event.key), event.previous);
  }
  const sorted = [...state].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map(([, object]) => object);
}

function keyOf({ metadata }: KubernetesObject, resource: string): StoreKey {
  return { resource, namespace: metadata.namespace ?? "", name: metadata.name };
}

function sortKey(key: StoreKey): string {
  return `${key.namespace}/${key.name}`;
}
