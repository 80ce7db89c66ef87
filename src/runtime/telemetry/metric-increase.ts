// What a cumulative series added between two instants. A value below the one before means that the sender started again:
// what it counts since then was added too.

import type { HistogramValue } from "./metric-record.ts";
import type { MetricPoint, MetricSeries } from "./metric-series.ts";

export interface Increase {
  readonly count: number;
  /** Empty for counters. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Half-open: after `fromMs`, up to `toMs`. Undefined when the series has no two values to compare. */
export function increaseOf(
  series: MetricSeries,
  fromMs: number,
  toMs: number,
): Increase | undefined {
  const inside = series.points.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  if (inside.length === 0) return undefined;
  let before = valueBefore(series, fromMs);
  if (before === undefined && inside.length === 1) return undefined;
  let total: Increase = { count: 0, bounds: [], counts: [] };
  for (const { value } of inside) {
    if (before !== undefined) total = add(total, difference(before, value));
    before = value;
  }
  return total;
}

/** The latest value at an instant; undefined before the first, and for histograms. */
export function levelAt({ points }: MetricSeries, instantMs: number): number | undefined {
  const value = points.findLast(({ atMs }) => atMs <= instantMs)?.value;
  return typeof value === "number" ? value : undefined;
}

/** A series that began after `fromMs` began with nothing; one that is older and was not heard of is not known. */
function valueBefore(
  { points, startMs }: MetricSeries,
  fromMs: number,
): MetricPoint["value"] | undefined {
  const known = points.findLast(({ atMs }) => atMs <= fromMs)?.value;
  if (known !== undefined) return known;
  return startMs !== undefined && startMs >= fromMs ? 0 : undefined;
}

function difference(before: MetricPoint["value"], value: MetricPoint["value"]): Increase {
  if (typeof value === "number") {
    const isRestart = typeof before !== "number" || value < before;
    return { count: isRestart ? value : value - before, bounds: [], counts: [] };
  }
  const since = typeof before === "number" || isRestart(before, value) ? undefined : before;
  return {
    count: value.count - (since?.count ?? 0),
    bounds: value.bounds,
    counts: value.counts.map((count, index) => count - (since?.counts[index] ?? 0)),
  };
}

function isRestart(before: HistogramValue, value: HistogramValue): boolean {
  return value.count < before.count || value.counts.length !== before.counts.length;
}

function add(total: Increase, part: Increase): Increase {
  return {
    count: total.count + part.count,
    bounds: part.bounds,
    counts: part.counts.map((count, index) => count + (total.counts[index] ?? 0)),
  };
}
