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

/** What a watch has to tell while nothing has happened. */
const NOTHING: readonly StoreEvent[] = [];

/** A class, because thousands are open at a time. */
class Subscriber implements StoreWatch {
  readonly after: Revision;
  readonly onEvents: (events: readonly StoreEvent[]) => void;
  readonly #topic: Topic;
  readonly #key: string;
  isStopped = false;
  pending = NOTHING as StoreEvent[];

  constructor(
    [topic, key]: readonly [Topic, string],
    after: Revision,
    onEvents: (events: readonly StoreEvent[]) => void,
  ) {
    this.after = after;
    this.onEvents = onEvents;
    this.#topic = topic;
    this.#key = key;
    const others = topic.get(key);
    if (others === undefined) topic.set(key, new Set([this]));
    else others.add(this);
  }

  stop(): void {
    this.isStopped = true;
    const left = this.#topic.get(this.#key);
    left?.delete(this);
    if (left?.size === 0) this.#topic.delete(this.#key);
  }
}

type Topic = Map<string, Set<Subscriber>>;

/** The subscribers of one resource, by how much of it they are interested in. */
interface Topics {
  /** Key: `""`. */
  readonly all: Topic;
  readonly byNamespace: Topic;
  readonly byName: Topic;
  /** Key: `namespace/name`. */
  readonly byObject: Topic;
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
      subscriber.pending = NOTHING as StoreEvent[];
      if (!subscriber.isStopped) subscriber.onEvents(events);
    }
  };
  const enqueue = (subscriber: Subscriber, event: StoreEvent): void => {
    // A watch that began after a write must not be told of it, though it became durable only now.
    if (event.revision <= subscriber.after) return;
    if (subscriber.pending.length === 0) {
      if (dirty.length === 0) queueMicrotask(flush);
      dirty.push(subscriber);
      subscriber.pending = [];
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
      if (topics.all.size > 0) enqueueAll(topics.all.get(""), event);
      if (topics.byNamespace.size > 0) enqueueAll(topics.byNamespace.get(namespace), event);
      if (topics.byName.size > 0) enqueueAll(topics.byName.get(name), event);
      if (topics.byObject.size > 0) enqueueAll(topics.byObject.get(`${namespace}/${name}`), event);
    },
    subscribe(scope, backlog, onEvents) {
      const topics = topicsOf(byResource, scope.resource);
      const subscriber = new Subscriber(topicOf(topics, scope), scope.after, onEvents);
      for (const event of backlog) if (isAbout(event, scope)) enqueue(subscriber, event);
      return subscriber;
    },
  };
}

function topicsOf(byResource: Map<string, Topics>, resource: string): Topics {
  const existing = byResource.get(resource);
  if (existing !== undefined) return existing;
  const topics: Topics = {
    all: new Map(),
    byNamespace: new Map(),
    byName: new Map(),
    byObject: new Map(),
  };
  byResource.set(resource, topics);
  return topics;
}

function topicOf(topics: Topics, { namespace, name }: StoreWatchScope): readonly [Topic, string] {
  if (name === undefined) {
    return namespace === undefined ? [topics.all, ""] : [topics.byNamespace, namespace];
  }
  if (namespace === undefined) return [topics.byName, name];
  return [topics.byObject, `${namespace}/${name}`];
}

function isAbout({ key }: StoreEvent, { namespace, name }: StoreWatchScope): boolean {
  return (
    (namespace === undefined || namespace === key.namespace) &&
    (name === undefined || name === key.name)
  );
}
