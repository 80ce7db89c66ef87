// The last minutes of spans, logs and metrics in memory. Everything is bounded: by age, and by number for whoever sends more.

import type { Clock } from "../../core/index.ts";
import type { LogRecord } from "./log-record.ts";
import type { MetricRecord } from "./metric-record.ts";
import { createMetricSeries, type MetricSeries } from "./metric-series.ts";
import { createRecentList } from "./recent-list.ts";
import type { SpanRecord } from "./span-record.ts";

export interface TelemetryStore {
  addSpans(spans: readonly SpanRecord[]): void;
  addLogs(logs: readonly LogRecord[]): void;
  addMetrics(records: readonly MetricRecord[]): void;
  /** In order of arrival. */
  spans(): readonly SpanRecord[];
  /** In order of arrival. */
  logs(): readonly LogRecord[];
  series(): readonly MetricSeries[];
}

export interface TelemetryStoreOptions {
  readonly clock: Clock;
  /** Default 15 minutes. */
  readonly keepMs?: number;
  /** Default 20 000; a span takes about a kilobyte. */
  readonly spansMax?: number;
  /** Default 20 000. */
  readonly logsMax?: number;
  /** Series of metrics, default 5000. A new one is refused while there are so many. */
  readonly seriesMax?: number;
}

const KEEP_MS = 15 * 60 * 1000;
const SPANS_MAX = 20_000;
const LOGS_MAX = 20_000;
const SERIES_MAX = 5000;

export function createTelemetryStore(options: TelemetryStoreOptions): TelemetryStore {
  const { clock, keepMs = KEEP_MS } = options;
  const spans = createRecentList<SpanRecord>({
    clock,
    keepMs,
    countMax: options.spansMax ?? SPANS_MAX,
  });
  const logs = createRecentList<LogRecord>({
    clock,
    keepMs,
    countMax: options.logsMax ?? LOGS_MAX,
  });
  const metrics = createMetricSeries({ clock, keepMs, seriesMax: options.seriesMax ?? SERIES_MAX });
  return {
    addSpans: spans.add,
    addLogs: logs.add,
    addMetrics: (records) => records.forEach(metrics.add),
    spans: spans.all,
    logs: logs.all,
    series: metrics.all,
  };
}
