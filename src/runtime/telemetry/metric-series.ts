// Metrics as series of points: one per instrument, instance and set of attributes. Deltas are added up, so that all series
// read alike; a series that nobody wrote to for as long as points are kept disappears.

import { canonicalJson, type Clock } from "../../core/index.ts";
import type { HistogramValue, MetricAbout, MetricRecord } from "./metric-record.ts";

export interface MetricPoint {
  readonly atMs: number;
  readonly value: number | HistogramValue;
}

export interface MetricSeries extends MetricAbout {
  /** When counting began, where the sender said so. */
  readonly startMs?: number;
  /** Oldest first; never empty. */
  readonly points: readonly MetricPoint[];
}

export interface MetricSeriesOptions {
  readonly clock: Clock;
  readonly keepMs: number;
  readonly seriesMax: number;
}

/** More often than every second is thinned: the latest of a second stays. */
const STEP_MS = 1000;

interface KeptSeries extends MetricAbout {
  readonly startMs?: number;
  readonly points: MetricPoint[];
}

export function createMetricSeries({ clock, keepMs, seriesMax }: MetricSeriesOptions): {
  add(record: MetricRecord): void;
  all(): readonly MetricSeries[];
} {
  const series = new Map<string, KeptSeries>();
  const dropOld = (): void => {
    const since = clock.now() - keepMs;
    for (const [key, { points }] of series) {
      const fresh = points.findIndex(({ atMs }) => atMs >= since);
      if (fresh < 0) series.delete(key);
      else points.splice(0, fresh);
    }
  };
  return {
    add: (record) => {
      const key = keyOf(record);
      if (!series.has(key) && series.size >= seriesMax) dropOld();
      const known = series.get(key) ?? (series.size < seriesMax ? start(record) : undefined);
      if (known === undefined) return;
      series.set(key, known);
      addPoint(known.points, record);
      // A series alone must not outgrow its window while nobody reads.
      if (known.points.length > (2 * keepMs) / STEP_MS) dropOld();
    },
    all: () => {
      dropOld();
      return [...series.values()];
    },
  };
}

function keyOf({ service, instance = "", name, kind, attributes }: MetricRecord): string {
  return `${service}\n${instance}\n${name}\n${kind}\n${canonicalJson(attributes)}`;
}

function start(record: MetricRecord): KeptSeries {
  const { service, instance, name, kind, unit, description, attributes, startMs } = record;
  return {
    service,
    ...(instance === undefined ? {} : { instance }),
    name,
    kind,
    unit,
    description,
    attributes,
    ...(startMs === undefined ? {} : { startMs }),
    points: [],
  };
}

function addPoint(points: MetricPoint[], { atMs, value, isDelta }: MetricRecord): void {
  const last = points.at(-1);
  const total = isDelta === true && last !== undefined ? addValues(last.value, value) : value;
  if (last !== undefined && Math.floor(last.atMs / STEP_MS) === Math.floor(atMs / STEP_MS))
    points.pop();
  points.push({ atMs, value: total });
}

/** Histograms with other bounds than before start anew. */
function addValues(
  before: MetricPoint["value"],
  value: MetricPoint["value"],
): MetricPoint["value"] {
  if (typeof value === "number") return typeof before === "number" ? before + value : value;
  if (typeof before === "number" || before.bounds.length !== value.bounds.length) return value;
  return {
    count: before.count + value.count,
    sum: before.sum + value.sum,
    bounds: value.bounds,
    counts: value.counts.map((count, index) => count + (before.counts[index] ?? 0)),
  };
}
