// The metrics command: a table with one row per figure, or what a real Prometheus needs.

import type { MetricRow, MetricsAnswer } from "../../runtime/index.ts";
import type { MetricsOptions } from "../commands/metrics.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { formatTable, type Column } from "../output/table.ts";
import type { Terminal } from "../terminal.ts";
import { askTelemetry } from "./ask-telemetry.ts";
import { formatMilliseconds } from "./format-milliseconds.ts";
import { describeNothing } from "./nothing-known.ts";
import { sparkline } from "./sparkline.ts";

/** Columns of a sparkline. */
const STEPS = 20;
const NONE = "-";

export async function showMetrics(
  app: string | undefined,
  { by, last, prometheus, output }: MetricsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (prometheus === true) {
    terminal.out(await askTelemetry(terminal.cwd, { path: "/prometheus.yml" }));
    return EXIT.ok;
  }
  const parameters = { service: app, by, seconds: last, steps: STEPS };
  const text = await askTelemetry(terminal.cwd, { path: "/metrics", parameters });
  if (output === "json") {
    terminal.out(text);
    return EXIT.ok;
  }
  // The runtime answers in the form that it exports.
  const { rows, services }: MetricsAnswer = JSON.parse(text);
  if (rows.length > 0) terminal.out(formatMetrics(rows, by));
  else terminal.err(describeNothing({ what: "no metrics yet", app, services }));
  return EXIT.ok;
}

function formatMetrics(rows: readonly MetricRow[], by: string | undefined): string {
  const services = new Set(rows.map(({ service }) => service));
  const split = by === undefined ? [] : [{ header: by.toUpperCase() }];
  const columns: readonly Column[] = [
    { header: "NAME" },
    ...(services.size > 1 ? [{ header: "SERVICE" }] : []),
    ...split,
    { header: "VALUE", right: true },
    { header: "PER-SECOND", right: true },
    { header: "P50", right: true },
    { header: "P95", right: true },
    { header: "P99", right: true },
    { header: "HISTORY" },
  ];
  const cells = rows.map((row) => [
    row.name,
    ...(services.size > 1 ? [row.service] : []),
    ...(by === undefined ? [] : [row.by ?? NONE]),
    formatNumber(row.value),
    row.rate === undefined ? NONE : formatNumber(row.rate),
    ...formatPercentiles(row),
    sparkline(row.history),
  ]);
  return formatTable(columns, cells);
}

function formatPercentiles({ percentiles, unit }: MetricRow): readonly string[] {
  if (percentiles === undefined) return [NONE, NONE, NONE];
  const { p50, p95, p99 } = percentiles;
  const format = unit === "s" ? (one: number) => formatMilliseconds(one * 1000) : formatNumber;
  return unit === "ms" ? [p50, p95, p99].map(formatMilliseconds) : [p50, p95, p99].map(format);
}

/** Up to two digits after the point, none that say nothing. */
function formatNumber(number: number): string {
  return String(Math.round(number * 100) / 100);
}
