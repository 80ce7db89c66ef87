// The store in memory, and the memory of the durable one. Snapshots are rebuilt by undoing recent history.

import { invariant } from "../../core/index.ts";
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
  const core = createStoreCore(options, (event) => core.publish(event));
  return core;
}

/** The memory of every store. What becomes of a write, and when watches are told of it, is the owner's business. */
export interface StoreCore extends Store {
  /** Oldest revision that can still be asked for, by `compact` alone. */
  readonly compacted: Revision;
  /** Tells the watches; once for every write, in order. */
  publish(event: StoreEvent): void;
  /** Puts an object in place without an event, as a snapshot does. */
  load(key: StoreKey, object: KubernetesObject): void;
  /** Repeats a write of an earlier process; watches may ask for it and are not told. */
  restore(change: StoreChange): void;
  /** Moves to a revision after loading; nothing before it can be asked for. */
  startAt(revision: Revision): void;
  /** Every object by resource, as of now. */
  contents(): ReadonlyMap<string, readonly KubernetesObject[]>;
}

export interface StoreChange {
  readonly type: "put" | "delete";
  readonly key: StoreKey;
  readonly revision: Revision;
  /** Absent when a deletion left the last state as it was. */
  readonly object: KubernetesObject | undefined;
}

/** `last` is what the caller of `delete` gave. */
export type OnWrite = (event: StoreEvent, last: KubernetesObject | undefined) => void;

export function createStoreCore(options: MemoryStoreOptions, onWrite: OnWrite): StoreCore {
  const historyMax = options.historyMax ?? HISTORY_MAX;
  const shelves = new Map<string, Shelf>();
  const hub = createWatchHub();
  let revision: Revision = options.startRevision ?? 0;
  let published: Revision = revision;
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
  const record = (shelf: Shelf, event: StoreEvent, last?: KubernetesObject): void => {
    shelf.history.append(event);
    onWrite(event, last);
  };

  return {
    get revision() {
      return revision;
    },
    get settledRevision() {
      return published;
    },
    get compacted() {
      return compacted;
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
      record(shelf, { type: "delete", key, revision, object: gone, previous }, last);
      return { outcome: "stored", object: gone };
    },
    watch(scope, onEvents) {
      const shelf = shelfOf(scope.resource);
      if (scope.after < horizonOf(shelf)) {
        throw new CompactedError(scope.after, horizonOf(shelf));
      }
      const written = shelf.history.after(scope.after);
      const told = (event: StoreEvent): boolean => event.revision <= published;
      return hub.subscribe(scope, published < revision ? written.filter(told) : written, onEvents);
    },
    compact(upTo) {
      compacted = Math.max(compacted, Math.min(upTo, revision));
      for (const shelf of shelves.values()) shelf.history.dropUpTo(compacted);
    },
    settled: () => Promise.resolve(),
    publish(event) {
      published = event.revision;
      hub.publish(event);
    },
    load: ({ resource, namespace, name }, object) =>
      shelfOf(resource).table.set(namespace, name, deepFreeze(object)),
    restore({ type, key, revision: at, object: given }) {
      const { table, history } = shelfOf(key.resource);
      const previous = table.get(key.namespace, key.name);
      const state = given ?? previous;
      invariant(state !== undefined, "what is deleted was there");
      const object = deepFreeze(stamp(state, at));
      if (type === "put") table.set(key.namespace, key.name, object);
      else table.remove(key.namespace, key.name);
      history.append({ type, key, revision: at, object, previous });
      revision = at;
      published = at;
    },
    startAt(at) {
      revision = at;
      published = at;
      compacted = at;
    },
    contents: () => new Map([...shelves].map(([name, { table }]) => [name, table.list()])),
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
