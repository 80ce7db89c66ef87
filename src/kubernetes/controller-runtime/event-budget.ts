// Decides what becomes of one event: written, counted on an earlier one, folded into a summary, or dropped.
// Mirrors client-go tools/record/events_cache.go: at most 10 similar events in 10 minutes before they are
// combined, and per source and object a bucket of 25 refilled by one every 5 minutes.

import type { InstantMs } from "../../core/index.ts";

/** What makes two events similar, and what makes them the same. */
export interface EventKey {
  /** Source and object. */
  readonly about: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

export type EventDecision =
  | { readonly outcome: "create"; readonly message: string; readonly slot: EventSlot }
  | { readonly outcome: "count"; readonly message: string; readonly slot: EventSlot }
  | { readonly outcome: "drop" };

/** The event object that stands for all equal events; the recorder keeps its name and count here. */
export interface EventSlot {
  name: string | undefined;
  count: number;
  lastAt: InstantMs;
}

export interface EventBudget {
  decide(key: EventKey, now: InstantMs): EventDecision;
}

const SIMILAR_MAX = 10;
const SIMILAR_WINDOW_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;
/** client-go keeps its caches at 4,096 entries, oldest out first. */
const CACHE_MAX = 4096;

export function createEventBudget(): EventBudget {
  const buckets = new Map<string, { tokens: number; at: InstantMs }>();
  const groups = new Map<string, { readonly messages: Set<string>; at: InstantMs }>();
  const slots = new Map<string, EventSlot>();

  const summarise = (key: EventKey, now: InstantMs): string => {
    const groupKey = `${key.about}\n${key.type}\n${key.reason}`;
    const known = groups.get(groupKey);
    const group =
      known !== undefined && now - known.at <= SIMILAR_WINDOW_MS
        ? known
        : { messages: new Set<string>(), at: now };
    group.messages.add(key.message);
    group.at = now;
    remember(groups, groupKey, group);
    return group.messages.size < SIMILAR_MAX
      ? key.message
      : `(combined from similar events): ${key.message}`;
  };
  const take = (about: string, now: InstantMs): boolean => {
    const bucket = buckets.get(about) ?? { tokens: BURST, at: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    bucket.at = now;
    remember(buckets, about, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };

  return {
    decide(key, now) {
      const message = summarise(key, now);
      const combined = message !== key.message;
      const slotKey = `${key.about}\n${key.type}\n${key.reason}\n${combined ? "" : message}`;
      const slot = slots.get(slotKey) ?? { name: undefined, count: 0, lastAt: now };
      remember(slots, slotKey, slot);
      if (!take(key.about, now)) return { outcome: "drop" };
      slot.count += 1;
      slot.lastAt = now;
      return { outcome: slot.count === 1 ? "create" : "count", message, slot };
    },
  };
}

/** Puts the entry last in line for being forgotten. */
function remember<T>(cache: Map<string, T>, key: string, value: T): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size <= CACHE_MAX) return;
  for (const oldest of cache.keys()) {
    cache.delete(oldest);
    return;
  }
}
