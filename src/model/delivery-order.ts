// The order in which the parts of a cluster arrive, from what each needs: what others wait for comes as early as it can,
// everything else last, so that nothing is held up by what nobody waits for.

import type { DeliveredParts, DeliveryNeeds } from "./contracts/engine.ts";

export interface DeliveryPlace {
  /** From 0; parts of one wave may arrive together. */
  readonly wave: number;
  /**
   * What the waves after it wait for: until its delivery has `begun`, all of it is `applied`, or it runs `well`. Absent: nobody
   * waits for it.
   */
  readonly awaited?: "begun" | "applied" | "well";
}

export interface DeliveryOrder {
  folder(name: string): DeliveryPlace;
  chart(name: string): DeliveryPlace;
}

export function deliveryOrder({
  folders,
  charts,
}: Pick<DeliveredParts, "folders" | "charts">): DeliveryOrder {
  const needs = new Map<string, DeliveryNeeds>([
    ...folders.map((one) => [folderKey(one.name), one.needs] as const),
    ...charts.map((one) => [chartKey(one.chart.name), one.needs] as const),
  ]);
  const depthOf = depthFinder(needs);
  const last = Math.max(0, ...[...needs.keys()].map(depthOf));
  const all = [...needs.values()];
  const applied = new Set(all.flatMap(keysOf));
  const well = new Set(all.flatMap(({ injectors = [] }) => injectors.map(chartKey)));
  // Part of it waits for those who wait for it.
  const begun = new Set([...needs].flatMap(([key, { later }]) => (later === undefined ? [] : key)));
  const placeOf = (key: string): DeliveryPlace => {
    if (!applied.has(key)) return { wave: last };
    const awaited = well.has(key) ? "well" : begun.has(key) ? "begun" : "applied";
    return { wave: depthOf(key), awaited };
  };
  return {
    folder: (name) => placeOf(folderKey(name)),
    chart: (name) => placeOf(chartKey(name)),
  };
}

const folderKey = (name: string): string => `folder/${name}`;
const chartKey = (name: string): string => `chart/${name}`;

function keysOf({ folders, charts, injectors = [] }: DeliveryNeeds): string[] {
  return [...folders.map(folderKey), ...[...charts, ...injectors].map(chartKey)];
}

/** How many have to come before it, one after the other. */
function depthFinder(needs: ReadonlyMap<string, DeliveryNeeds>): (key: string) => number {
  const known = new Map<string, number>();
  const depthOf = (key: string): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    // Needs make no circle; were there one, it would end here.
    known.set(key, 0);
    const own = needs.get(key);
    const before = own === undefined ? [] : keysOf(own).filter((one) => needs.has(one));
    const depth = before.reduce((deepest, one) => Math.max(deepest, depthOf(one) + 1), 0);
    known.set(key, depth);
    return depth;
  };
  return depthOf;
}
