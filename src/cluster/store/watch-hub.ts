// Hands events to the watches that want them, in revision order, on a microtask: a watcher may write again
// without another watcher seeing events out of order, and virtual time needs no macrotask.

import type { Revision, StoreEvent, StoreWatch, StoreWatchScope } from "./store.ts";

export interface WatchHub {
  publish(event: StoreEvent): void;
  /** `backlog` are the retained events after `scope.after`; they are filtered here. */
  subscribe(
    scope: StoreWatchScope,
    backlog: readonly StoreEvent[],
    onEvents: (events: readonly StoreEvent[]) => void,
  ): StoreWatch;
}

interface Subscriber {
  readonly after: Revision;
  readonly onEvents: (events: readonly StoreEvent[]) => void;
  pending: StoreEvent[];
  stopped: boolean;
}

/** The subscribers of one resource, by how much of it they are interested in. */
interface Topics {
  readonly all: Set<Subscriber>;
  readonly byNamespace: Map<string, Set<Subscriber>>;
  readonly byName: Map<string, Set<Subscriber>>;
  /** Key: `namespace/name`. */
  readonly byObject: Map<string, Set<Subscriber>>;
}

export function createWatchHub(): WatchHub {
  // Looked up by what a watch is interested in, so that 5,000 idle watches cost nothing per event.
  const byResource = new Map<string, Topics>();
  let dirty: Subscriber[] = [];

  const flush = (): void => {
    const batch = dirty;
    dirty = [];
    for (const subscriber of batch) {
      const events = subscriber.pending;
      subscriber.pending = [];
      if (!subscriber.stopped) subscriber.onEvents(events);
    }
  };
  const enqueue = (subscriber: Subscriber, event: StoreEvent): void => {
    // A watch that began after a write must not be told of it, though it became durable only now.
    if (event.revision <= subscriber.after) return;
    if (subscriber.pending.length === 0) {
      if (dirty.length === 0) queueMicrotask(flush);
      dirty.push(subscriber);
    }
    subscriber.pending.push(event);
  };
  const enqueueAll = (subscribers: Set<Subscriber> | undefined, event: StoreEvent): void => {
    if (subscribers !== undefined) for (const one of subscribers) enqueue(one, event);
  };

  return {
    publish(event) {
      const topics = byResource.get(event.key.resource);
      if (topics === undefined) return;
      const { namespace, name } = event.key;
      enqueueAll(topics.all, event);
      if (topics.byNamespace.size > 0) enqueueAll(topics.byNamespace.get(namespace), event);
      if (topics.byName.size > 0) enqueueAll(topics.byName.get(name), event);
      if (topics.byObject.size > 0) enqueueAll(topics.byObject.get(`${namespace}/${name}`), event);
    },
    subscribe(scope, backlog, onEvents) {
      const { after } = scope;
      const subscriber: Subscriber = { after, onEvents, pending: [], stopped: false };
      for (const event of backlog) if (isAbout(event, scope)) enqueue(subscriber, event);
      const leave = join(topicsOf(byResource, scope.resource), scope, subscriber);
      return {
        stop() {
          subscriber.stopped = true;
          leave();
        },
      };
    },
  };
}

function topicsOf(byResource: Map<string, Topics>, resource: string): Topics {
  const existing = byResource.get(resource);
  if (existing !== undefined) return existing;
  const topics: Topics = {
    all: new Set(),
    byNamespace: new Map(),
    byName: new Map(),
    byObject: new Map(),
  };
  byResource.set(resource, topics);
  return topics;
}

/** Returns the way out. */
function join(topics: Topics, scope: StoreWatchScope, subscriber: Subscriber): () => void {
  const { namespace, name } = scope;
  if (namespace === undefined && name === undefined) {
    topics.all.add(subscriber);
    return () => void topics.all.delete(subscriber);
  }
  if (name === undefined) return joinKey(topics.byNamespace, namespace ?? "", subscriber);
  if (namespace === undefined) return joinKey(topics.byName, name, subscriber);
  return joinKey(topics.byObject, `${namespace}/${name}`, subscriber);
}

function joinKey(
  topic: Map<string, Set<Subscriber>>,
  key: string,
  subscriber: Subscriber,
): () => void {
  const subscribers = topic.get(key) ?? new Set();
  topic.set(key, subscribers.add(subscriber));
  return () => {
    subscribers.delete(subscriber);
    if (subscribers.size === 0 && topic.get(key) === subscribers) topic.delete(key);
  };
}

function isAbout({ key }: StoreEvent, { namespace, name }: StoreWatchScope): boolean {
  return (
    (namespace === undefined || namespace === key.namespace) &&
    (name === undefined || name === key.name)
  );
}
