// Metrics as people read them: one row per instrument, added up over instances and attributes or split by one attribute,
// with its rate or level over the last minutes and its percentiles.

import { groupBy } from "../../core/index.ts";
import { increaseOf, levelAt, type Increase } from "./metric-increase.ts";
import type { MetricKind } from "./metric-record.ts";
import type { MetricSeries } from "./metric-series.ts";
import { quantileOf } from "./quantile.ts";

export interface MetricRow {
  readonly service: string;
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly description: string;
  /** The attribute's value the row is for; only when split. */
  readonly by?: string;
  readonly instances: number;
  /** Counters and histograms: how many since counting began. Levels and gauges: the latest. */
  readonly value: number;
  /** Per second over the window; counters and histograms only. */
  readonly rate?: number;
  /** In the metric's unit; histograms only, of what the window added. */
  readonly percentiles?: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Oldest first: rates of counters and histograms, else levels; null where nothing is known. */
  readonly history: readonly (number | null)[];
}

export interface MetricQuery {
  readonly service?: string;
  /** Split rows by the values of this attribute. */
  readonly by?: string;
  readonly nowMs: number;
  readonly windowMs: number;
  /** Length of `history`. */
  readonly steps: number;
}

/** Sorted by service, name and split. */
export function summariseMetrics(
  series: readonly MetricSeries[],
  query: MetricQuery,
): readonly MetricRow[] {
  const wanted = series.filter(
    ({ service }) => query.service === undefined || service === query.service,
  );
  const groups = groupBy(wanted, (one) => JSON.stringify(groupKey(one, query)));
  return [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, members]) => summarise(members, query));
}

function groupKey({ service, name, kind, attributes }: MetricSeries, { by }: MetricQuery) {
  return [service, name, kind, by === undefined ? "" : String(attributes[by] ?? "")];
}

function summarise(members: readonly MetricSeries[], query: MetricQuery): MetricRow[] {
  const [first] = members;
  if (first === undefined) return [];
  const { service, name, kind, unit, description, attributes } = first;
  const split = query.by === undefined ? undefined : attributes[query.by];
  const about = {
    service,
    name,
    kind,
    unit,
    description,
    ...(split === undefined ? {} : { by: String(split) }),
    instances: new Set(members.map(({ instance }) => instance)).size,
  };
  const isCounted = kind === "counter" || kind === "histogram";
  return [{ ...about, ...(isCounted ? countedRow(members, query) : levelRow(members, query)) }];
}

type Figures = Pick<MetricRow, "value" | "rate" | "percentiles" | "history">;

function countedRow(members: readonly MetricSeries[], query: MetricQuery): Figures {
  const { nowMs, windowMs } = query;
  const added = addUp(members.map((one) => increaseOf(one, nowMs - windowMs, nowMs)));
  const latest = members.map(({ points }) => points.at(-1)?.value ?? 0);
  const history = steps(query).map(([fromMs, toMs]) => {
    const parts = members.map((one) => increaseOf(one, fromMs, toMs));
    const known = parts.filter((part) => part !== undefined);
    return known.length === 0 ? null : addUp(known).count / ((toMs - fromMs) / 1000);
  });
  const percentiles = percentilesOf(added);
  return {
    value: latest.reduce<number>(
      (sum, one) => sum + (typeof one === "number" ? one : one.count),
      0,
    ),
    rate: added.count / (windowMs / 1000),
    ...(percentiles === undefined ? {} : { percentiles }),
    history,
  };
}

function percentilesOf({ bounds, counts }: Increase): MetricRow["percentiles"] {
  const at = (q: number): number | undefined => quantileOf(q, { bounds, counts });
  const [p50, p95, p99] = [at(0.5), at(0.95), at(0.99)];
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined;
  return { p50, p95, p99 };
}

/** Levels add up over instances; of gauges, which may all tell the same thing, the highest counts. */
function levelRow(members: readonly MetricSeries[], query: MetricQuery): Figures {
  const at = (instantMs: number): number | null => {
    const known = members.map((one) => levelAt(one, instantMs)).filter((one) => one !== undefined);
    if (known.length === 0) return null;
    return members[0]?.kind === "gauge"
      ? Math.max(...known)
      : known.reduce((sum, one) => sum + one, 0);
  };
  return { value: at(query.nowMs) ?? 0, history: steps(query).map(([, toMs]) => at(toMs)) };
}

function addUp(parts: readonly (Increase | undefined)[]): Increase {
  const total = { count: 0, bounds: [] as readonly number[], counts: [] as number[] };
  for (const part of parts) {
    if (part === undefined) continue;
    total.count += part.count;
    // Series with other bounds than the first cannot be added; they count, and leave the percentiles alone.
    if (total.counts.length === 0) {
      total.bounds = part.bounds;
      total.counts = [...part.counts];
    } else if (total.counts.length === part.counts.length) {
      total.counts = total.counts.map((count, index) => count + (part.counts[index] ?? 0));
    }
  }
  return total;
}

function steps({ nowMs, windowMs, steps: count }: MetricQuery): readonly [number, number][] {
  const lengthMs = windowMs / count;
  return Array.from({ length: count }, (_, index): [number, number] => {
    const fromMs = nowMs - windowMs + index * lengthMs;
    return [fromMs, fromMs + lengthMs];
  });
}
