// Writes events about objects and counts repeats, without ever failing the caller.
// Mirrors client-go tools/record (core/v1 events with a count) and tools/events (one eventTime, no count),
// which the scheduler uses.

import { formatInstant, hash32 } from "../../core/index.ts";
import type { Clock, InstantMs } from "../../core/index.ts";
import type { KubeApi } from "../kube-api.ts";
import type { KubernetesObject } from "../object.ts";
import { isNotFound } from "../status.ts";
import { createEventBudget } from "./event-budget.ts";
import { createEventQueue } from "./event-queue.ts";
import type { EventSlot } from "./event-budget.ts";

export type EventType = "Normal" | "Warning";

export interface EventSource {
  /** `deployment-controller`, `kubelet`. */
  readonly component: string;
  readonly host?: string | undefined;
}

export interface EventRecorder {
  record(source: EventSource, about: KubernetesObject, event: EventText): void;
  /** The newer form: every occurrence is one object with an action and no count. */
  recordAction(source: EventSource, about: KubernetesObject, event: ActionEventText): void;
  /** Forgets the events that still wait for their turn. */
  stop(): void;
}

export interface EventText {
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
}

export interface ActionEventText extends EventText {
  /** `Binding`, `Scheduling`. */
  readonly action: string;
}

/** `apiVersion`, `kind` and the identity of what the event is about. */
function involvedObject(about: KubernetesObject): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion } = about.metadata;
  return {
    kind: about.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    apiVersion: about.apiVersion,
    resourceVersion,
  };
}

export function createEventRecorder(options: {
  readonly api: KubeApi;
  readonly clock: Clock;
}): EventRecorder {
  const { api, clock } = options;
  const budget = createEventBudget();
  const queue = createEventQueue(clock);
  let sequence = 0;

  /**
   * `<object>.<hex of nanoseconds>`, as client-go names events. The clock has milliseconds only: the digits below
   * tell apart sources, and events of one source.
   */
  const nameFor = ({ component }: EventSource, about: KubernetesObject, now: InstantMs): string => {
    sequence = (sequence + 1) % 1000;
    const digits = (hash32(component) % 1000) * 1000 + sequence;
    const nanoseconds = BigInt(Math.floor(now)) * 1_000_000n + BigInt(digits);
    return `${about.metadata.name}.${nanoseconds.toString(16)}`;
  };
  /** The last write about a slot: a count must not overtake the creation. */
  const writes = new WeakMap<EventSlot, Promise<void>>();

  const create = (
    about: KubernetesObject,
    name: string,
    body: Record<string, unknown>,
  ): Promise<void> => {
    const namespace = about.metadata.namespace ?? "default";
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject: involvedObject(about),
      ...body,
    };
    // Events are best effort: a namespace that is going away refuses them.
    return api.create(event).then(NOTHING, NOTHING);
  };
  const count = async (
    about: KubernetesObject,
    slot: EventSlot,
    message: string,
    at: string,
  ): Promise<void> => {
    const { name } = slot;
    if (name === undefined) return;
    const namespace = about.metadata.namespace ?? "default";
    const body = { count: slot.count, lastTimestamp: at, message };
    const ref = { apiVersion: "v1", kind: "Event", name, namespace };
    try {
      await api.patch(ref, { type: "merge", body });
    } catch (error) {
      // It has expired: the next occurrence is a new event.
      if (isNotFound(error)) slot.count = 0;
    }
  };

  return {
    record(source, about, { type, reason, message }) {
      const now = clock.now();
      const at = formatInstant(now);
      const key = `${source.component}/${source.host ?? ""}/${about.metadata.uid ?? about.metadata.name}`;
      const decision = budget.decide({ about: key, type, reason, message }, now);
      if (decision.outcome === "drop") return;
      const { slot } = decision;
      if (decision.outcome === "count") {
        const { message: text } = decision;
        const before = writes.get(slot) ?? Promise.resolve();
        writes.set(
          slot,
          before.then(() => count(about, slot, text, at)),
        );
        return;
      }
      slot.name = nameFor(source, about, now);
      const created = create(about, slot.name, {
        reason,
        message: decision.message,
        source: { component: source.component, ...(source.host ? { host: source.host } : {}) },
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1,
        type,
        eventTime: null,
        reportingComponent: source.component,
        reportingInstance: source.host ?? "",
      });
      writes.set(slot, created);
    },
    recordAction(source, about, { type, reason, message, action }) {
      const now = clock.now();
      const { component, host } = source;
      const write = (): void =>
        void create(about, nameFor(source, about, now), {
          reason,
          message,
          source: {},
          firstTimestamp: null,
          lastTimestamp: null,
          type,
          eventTime: formatMicros(now),
          action,
          reportingComponent: component,
          reportingInstance: host ?? component,
        });
      queue.offer(write);
    },
    stop: () => queue.stop(),
  };
}

const NOTHING = (): void => undefined;

/** `metav1.MicroTime`: RFC 3339 with six decimals. */
export function formatMicros(instant: InstantMs): string {
  return new Date(instant).toISOString().replace("Z", "000Z");
}
