// The retained events of one resource, oldest first. Bounded; dropping moves the horizon forward.

import type { Revision, StoreEvent } from "./store.ts";

export interface EventHistory {
  /** Every event after this revision is still here. */
  readonly horizon: Revision;
  append(event: StoreEvent): void;
  /** Events with a higher revision, in order. The caller has checked the horizon. */
  after(revision: Revision): readonly StoreEvent[];
  dropUpTo(revision: Revision): void;
}

export function createEventHistory(capacity: number): EventHistory {
  let events: StoreEvent[] = [];
  let start = 0;
  let horizon = 0;
  const trim = (): void => {
    // Cutting only when half of the array is dead keeps appending constant on average.
    if (start > 64 && start * 2 > events.length) {
      events = events.slice(start);
      start = 0;
    }
  };
  const dropTo = (index: number): void => {
    const last = events[index - 1];
    if (last === undefined || index <= start) return;
    horizon = last.revision;
    start = index;
    trim();
  };
  return {
    get horizon() {
      return horizon;
    },
    append(event) {
      events.push(event);
      if (events.length - start > capacity) dropTo(events.length - capacity);
    },
    after: (revision) => events.slice(firstAfter(events, start, revision)),
    dropUpTo(revision) {
      dropTo(firstAfter(events, start, revision));
      horizon = Math.max(horizon, revision);
    },
  };
}

/** Index of the first event whose revision is higher; binary search. */
function firstAfter(events: readonly StoreEvent[], start: number, revision: Revision): number {
  let low = start;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event !== undefined && event.revision <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
