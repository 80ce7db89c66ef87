// One measured value as the runtime keeps it. Sums and histograms are cumulative since `startMs`, whatever the sender uses.

import type { Attributes } from "./span-record.ts";

/** `counter` only grows; `level` goes up and down and adds up over instances; a `gauge` does not add up. */
export type MetricKind = "counter" | "level" | "gauge" | "histogram";

export interface HistogramValue {
  readonly count: number;
  readonly sum: number;
  /** Upper bounds, inclusive and increasing. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket, one more than bounds. */
  readonly counts: readonly number[];
}

export interface MetricAbout {
  readonly service: string;
  readonly instance?: string;
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly description: string;
  readonly attributes: Attributes;
}

export interface MetricRecord extends MetricAbout {
  /** Since the Unix epoch. */
  readonly atMs: number;
  /** When counting began. */
  readonly startMs?: number;
  readonly value: number | HistogramValue;
  /** Counted since the record before, rather than since the start. */
  readonly isDelta?: boolean;
}
