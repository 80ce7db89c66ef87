// OpenTelemetry, with the parts this app needs and no more. Runs before the rest is loaded: instruments of metrics bind to
// the provider that is set when they are made.

import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from "@opentelemetry/resources";
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { IncomingMessage, ServerResponse } from "node:http";
import { hostname } from "node:os";

import type { Variables } from "../configuration.ts";
import { messageOf } from "./log.ts";
import { ScrapeReader } from "./prometheus-text.ts";

export interface RunningTelemetry {
  /** Answers `GET /metrics` in the Prometheus text format. */
  serveMetrics(request: IncomingMessage, response: ServerResponse): void;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Seconds. The bounds of the HTTP semantic conventions; p50, p95 and p99 are computed from them. */
const DURATION_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SPANS_EVERY_MS = 1000;
const METRICS_EVERY_MS = 5000;

/** Obeys `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_METRICS_EXPORTER`, `OTEL_TRACES_EXPORTER`, `OTEL_RESOURCE_ATTRIBUTES` and the like. */
export function startTelemetry(variables: Variables): RunningTelemetry {
  const resource = describeService();
  const pushes = variables["OTEL_EXPORTER_OTLP_ENDPOINT"] !== undefined;
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors:
      pushes && variables["OTEL_TRACES_EXPORTER"] !== "none"
        ? [new BatchSpanProcessor(new OTLPTraceExporter(), spanTiming(variables))]
        : [],
  });
  const scrape = new ScrapeReader();
  const meters = new MeterProvider({
    resource,
    readers: [scrape, ...(pushes && wantsOtlp(variables) ? [otlpReader(variables)] : [])],
    views: [
      {
        instrumentName: "*.duration",
        aggregation: {
          type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
          options: { boundaries: DURATION_BOUNDS },
        },
      },
    ],
  });
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    serveMetrics: (_request, response) => void answerScrape(scrape, response),
    stop: async () => void (await Promise.allSettled([tracers.shutdown(), meters.shutdown()])),
  };
}

async function answerScrape(scrape: ScrapeReader, response: ServerResponse): Promise<void> {
  try {
    const text = await scrape.scrape();
    response
      .writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" })
      .end(text);
  } catch (error) {
    response.writeHead(500, { "content-type": "text/plain" }).end(`${messageOf(error)}\n`);
  }
}

/**
 * The namespace makes the job of pushed metrics `shop/storefront`, while a scrape names its own: a query that names the job
 * never adds the two paths together.
 */
function describeService(): Resource {
  return defaultResource()
    .merge(
      resourceFromAttributes({
        "service.name": "storefront",
        "service.namespace": "shop",
        "service.instance.id": hostname(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
}

function wantsOtlp(variables: Variables): boolean {
  return (variables["OTEL_METRICS_EXPORTER"] ?? "otlp").split(",").includes("otlp");
}

function otlpReader(variables: Variables): MetricReader {
  const everyMs = Number(variables["OTEL_METRIC_EXPORT_INTERVAL"] ?? METRICS_EVERY_MS);
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: everyMs,
    exportTimeoutMillis: Math.min(everyMs, METRICS_EVERY_MS),
  });
}

/** A person watching a trace wants it now. */
function spanTiming(variables: Variables): { scheduledDelayMillis?: number } {
  return variables["OTEL_BSP_SCHEDULE_DELAY"] === undefined
    ? { scheduledDelayMillis: SPANS_EVERY_MS }
    : {};
}
