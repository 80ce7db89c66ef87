// What arrived lately, oldest first. Old items are dropped in large steps, so that keeping a million costs as much as one.

import type { Clock } from "../../core/index.ts";

export interface RecentList<Item> {
  add(items: readonly Item[]): void;
  all(): readonly Item[];
}

export interface RecentListOptions {
  readonly clock: Clock;
  readonly keepMs: number;
  readonly countMax: number;
}

export function createRecentList<Item>(options: RecentListOptions): RecentList<Item> {
  const { clock, keepMs, countMax } = options;
  let entries: { readonly arrivedMs: number; readonly item: Item }[] = [];
  const recent = (): typeof entries => {
    const since = clock.now() - keepMs;
    const first = entries.findIndex(({ arrivedMs }) => arrivedMs >= since);
    return first < 0 ? [] : entries.slice(Math.max(first, entries.length - countMax));
  };
  return {
    add: (items) => {
      const arrivedMs = clock.now();
      for (const item of items) entries.push({ arrivedMs, item });
      if (entries.length > 2 * countMax) entries = recent();
    },
    all: () => {
      entries = recent();
      return entries.map(({ item }) => item);
    },
  };
}
