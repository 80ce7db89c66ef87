// Hands events to the watches that want them, in revision order, on a microtask: a watcher may write again
// without another watcher seeing events out of order, and virtual time needs no macrotask.

import type { StoreEvent, StoreKey, StoreWatch, StoreWatchScope } from "./store.ts";

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
  readonly onEvents: (events: readonly StoreEvent[]) => void;
  pending: StoreEvent[];
  stopped: boolean;
}

export function createWatchHub(): WatchHub {
  // Keyed by what a watch is interested in, so that 5,000 idle watches cost nothing per event.
  const byTopic = new Map<string, Set<Subscriber>>();
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
    if (subscriber.pending.length === 0) {
      if (dirty.length === 0) queueMicrotask(flush);
      dirty.push(subscriber);
    }
    subscriber.pending.push(event);
  };

  return {
    publish(event) {
      for (const topic of topicsOf(event.key)) {
        for (const subscriber of byTopic.get(topic) ?? []) enqueue(subscriber, event);
      }
    },
    subscribe(scope, backlog, onEvents) {
      const subscriber: Subscriber = { onEvents, pending: [], stopped: false };
      const topic = topicOf(scope.resource, scope.namespace, scope.name);
      for (const event of backlog) {
        if (topicsOf(event.key).includes(topic)) enqueue(subscriber, event);
      }
      const subscribers = byTopic.get(topic) ?? new Set();
      byTopic.set(topic, subscribers.add(subscriber));
      return {
        stop() {
          subscriber.stopped = true;
          subscribers.delete(subscriber);
          if (subscribers.size === 0 && byTopic.get(topic) === subscribers) byTopic.delete(topic);
        },
      };
    },
  };
}

/** A blank stands for "any"; neither names nor namespaces can hold one. */
function topicOf(resource: string, namespace = " ", name = " "): string {
  return `${resource} ${namespace} ${name}`;
}

function topicsOf({ resource, namespace, name }: StoreKey): readonly string[] {
  return [
    topicOf(resource),
    topicOf(resource, namespace),
    topicOf(resource, undefined, name),
    topicOf(resource, namespace, name),
  ];
}
