// The Prometheus text format (version 0.0.4) over the same instruments that OTLP pushes. Names follow OpenTelemetry's
// Prometheus compatibility document: dots become underscores, the unit and `_total` are appended, as a collector would do.

import type { Attributes } from "@opentelemetry/api";
import {
  DataPointType,
  MetricReader,
  type DataPoint,
  type Histogram,
  type MetricData,
} from "@opentelemetry/sdk-metrics";

/** A reader that collects when it is asked. */
export class ScrapeReader extends MetricReader {
  async scrape(): Promise<string> {
    const { resourceMetrics } = await this.collect();
    const { attributes } = resourceMetrics.resource;
    const target = { name: "target_info", labels: attributes, value: 1 };
    const families = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.map(family));
    return [`${TARGET_HEAD}${sample(target)}`, ...families].join("");
  }

  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}

interface Sample {
  readonly name: string;
  readonly labels: Attributes;
  readonly value: number;
}

const TARGET_HEAD = "# HELP target_info What sends this.\n# TYPE target_info gauge\n";

const UNITS: Readonly<Record<string, string>> = { s: "seconds", ms: "milliseconds", By: "bytes" };

function family(metric: MetricData): string {
  const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
  const name = nameOf(metric, isCounter);
  const isHistogram =
    metric.dataPointType === DataPointType.HISTOGRAM ||
    metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM;
  const type = isHistogram ? "histogram" : isCounter ? "counter" : "gauge";
  const head = `# HELP ${name} ${metric.descriptor.description}\n# TYPE ${name} ${type}\n`;
  return `${head}${samples(metric, name).map(sample).join("")}`;
}

function samples(metric: MetricData, name: string): Sample[] {
  switch (metric.dataPointType) {
    case DataPointType.SUM:
    case DataPointType.GAUGE:
      return metric.dataPoints.map(({ attributes, value }) => ({
        name,
        labels: attributes,
        value,
      }));
    case DataPointType.HISTOGRAM:
      return metric.dataPoints.flatMap((point) => histogramSamples(point, name));
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      // Nothing in this app asks for them.
      return [];
  }
}

/** Buckets are cumulative here and are not there. */
function histogramSamples({ attributes, value }: DataPoint<Histogram>, name: string): Sample[] {
  const { boundaries, counts } = value.buckets;
  let total = 0;
  const buckets = [...boundaries, Number.POSITIVE_INFINITY].map((bound, index) => {
    total += counts[index] ?? 0;
    const le = bound === Number.POSITIVE_INFINITY ? "+Inf" : String(bound);
    return { name: `${name}_bucket`, labels: { ...attributes, le }, value: total };
  });
  return [
    ...buckets,
    { name: `${name}_sum`, labels: attributes, value: value.sum ?? 0 },
    { name: `${name}_count`, labels: attributes, value: value.count },
  ];
}

function nameOf({ descriptor }: MetricData, isCounter: boolean): string {
  // `{order}` is a note to the reader, no unit.
  const unit = descriptor.unit.startsWith("{") ? "" : (UNITS[descriptor.unit] ?? descriptor.unit);
  const parts = [descriptor.name.replaceAll(/[^A-Za-z0-9_]/g, "_"), unit, isCounter ? "total" : ""];
  return parts.filter((part) => part !== "").join("_");
}

function sample({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(
    ([key, label]) => `${key.replaceAll(/[^A-Za-z0-9_]/g, "_")}="${escapeLabel(String(label))}"`,
  );
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
