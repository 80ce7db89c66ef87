// What can be asked about the telemetry of a running platform. The forms are versioned: the command line, scripts and the
// console read them.

import type { LogRecord } from "./log-record.ts";
import { summariseMetrics, type MetricRow } from "./metric-summary.ts";
import type { TelemetryStore } from "./telemetry-store.ts";
import { findTraces, type Trace } from "./trace-trees.ts";

export interface TracesAnswer {
  readonly version: 1;
  /** Every service that sent spans, sorted. */
  readonly services: readonly string[];
  /** Newest first. */
  readonly traces: readonly Trace[];
}

export interface MetricsAnswer {
  readonly version: 1;
  /** Every service that sent metrics, sorted. */
  readonly services: readonly string[];
  readonly windowMs: number;
  readonly rows: readonly MetricRow[];
}

export interface LogsAnswer {
  readonly version: 1;
  /** Oldest first. */
  readonly logs: readonly LogRecord[];
}

const TRACES_DEFAULT = 10;
const LOGS_DEFAULT = 200;
const WINDOW_SECONDS = 300;
const STEPS = 30;
const STEPS_MAX = 300;

/**
 * `/traces?service=&trace=&errors=1&limit=`, `/metrics?service=&by=&seconds=&steps=`, `/logs?service=&trace=&limit=`.
 * Undefined for other paths.
 */
export function answerQuery(
  { pathname, searchParams }: URL,
  store: TelemetryStore,
  nowMs: number,
): TracesAnswer | MetricsAnswer | LogsAnswer | undefined {
  switch (pathname) {
    case "/traces":
      return answerTraces(searchParams, store);
    case "/metrics":
      return answerMetrics(searchParams, store, nowMs);
    case "/logs":
      return answerLogs(searchParams, store);
    default:
      return undefined;
  }
}

function answerTraces(parameters: URLSearchParams, store: TelemetryStore): TracesAnswer {
  const spans = store.spans();
  const traces = findTraces(spans, {
    ...textsOf(parameters, { service: "service", trace: "traceId" }),
    ...(parameters.get("errors") === "1" ? { onlyErrors: true } : {}),
    limit: countOf(parameters, "limit", TRACES_DEFAULT),
  });
  return { version: 1, services: servicesOf(spans), traces };
}

function answerMetrics(
  parameters: URLSearchParams,
  store: TelemetryStore,
  nowMs: number,
): MetricsAnswer {
  const series = store.series();
  const windowMs = countOf(parameters, "seconds", WINDOW_SECONDS) * 1000;
  const rows = summariseMetrics(series, {
    ...textsOf(parameters, { service: "service", by: "by" }),
    nowMs,
    windowMs,
    steps: Math.min(STEPS_MAX, countOf(parameters, "steps", STEPS)),
  });
  return { version: 1, services: servicesOf(series), windowMs, rows };
}

function answerLogs(parameters: URLSearchParams, store: TelemetryStore): LogsAnswer {
  const { service, trace } = textsOf(parameters, { service: "service", trace: "trace" });
  const logs = store
    .logs()
    .filter((log) => service === undefined || log.service === service)
    .filter((log) => trace === undefined || log.traceId?.startsWith(trace) === true);
  return { version: 1, logs: logs.slice(-countOf(parameters, "limit", LOGS_DEFAULT)) };
}

function servicesOf(items: readonly { readonly service: string }[]): readonly string[] {
  return [...new Set(items.map(({ service }) => service))].toSorted();
}

/** The parameters that were given, under other names; an empty one counts as left out. */
function textsOf<const Names extends Readonly<Record<string, string>>>(
  parameters: URLSearchParams,
  names: Names,
): { readonly [Name in Names[keyof Names]]?: string } {
  const given = Object.entries(names).flatMap(([parameter, name]) => {
    const value = parameters.get(parameter) ?? "";
    return value === "" ? [] : [[name, value] as const];
  });
  // The keys are exactly the values of `names`.
  return Object.fromEntries(given) as { [Name in Names[keyof Names]]?: string };
}

/** A whole number above 0, else the default. */
function countOf(parameters: URLSearchParams, name: string, preset: number): number {
  const count = Number(parameters.get(name) ?? preset);
  return Number.isInteger(count) && count > 0 ? count : preset;
}
