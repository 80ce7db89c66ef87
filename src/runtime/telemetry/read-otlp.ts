// OTLP's JSON form → records. Tolerant as the protocol asks: unknown fields are ignored, numbers may be text, and a record
// that makes no sense is counted and left out while the others stay.
// Mirrors opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding".

import { isRecord } from "../../core/index.ts";
import type { LogRecord } from "./log-record.ts";
import { readMetric } from "./read-otlp-metric.ts";
import type { MetricRecord } from "./metric-record.ts";
import {
  readAttributes,
  readAnyValue,
  readId,
  readInstantMs,
  readList,
} from "./read-otlp-value.ts";
import type { SpanKind, SpanRecord } from "./span-record.ts";

export interface ReadRecords<Item> {
  readonly records: readonly Item[];
  /** Left out because they make no sense. */
  readonly rejected: number;
}

/** What sent it: its name and which of several. */
interface Sender {
  readonly service: string;
  readonly instance?: string;
}

const SPAN_KINDS: readonly SpanKind[] = [
  "internal",
  "internal",
  "server",
  "client",
  "producer",
  "consumer",
];
const STATUS_ERROR = 2;

export function readOtlpSpans(request: unknown): ReadRecords<SpanRecord> {
  return collect(request, ["resourceSpans", "scopeSpans", "spans"], (span, sender) => [
    readSpan(span, sender),
  ]);
}

export function readOtlpLogs(request: unknown): ReadRecords<LogRecord> {
  return collect(request, ["resourceLogs", "scopeLogs", "logRecords"], (log, sender) => [
    readLog(log, sender),
  ]);
}

export function readOtlpMetrics(request: unknown): ReadRecords<MetricRecord> {
  return collect(request, ["resourceMetrics", "scopeMetrics", "metrics"], readMetric);
}

/** Three levels: resource, scope, item. An item becomes records; undefined ones are rejected. */
function collect<Item>(
  request: unknown,
  [resources, scopes, items]: readonly [string, string, string],
  read: (item: Record<string, unknown>, sender: Sender) => readonly (Item | undefined)[],
): ReadRecords<Item> {
  const all = readList(request, resources).flatMap((resource) => {
    const sender = readSender(resource["resource"]);
    return readList(resource, scopes).flatMap((scope) =>
      readList(scope, items).flatMap((item) => read(item, sender)),
    );
  });
  const records = all.filter((record) => record !== undefined);
  return { records, rejected: all.length - records.length };
}

function readSender(resource: unknown): Sender {
  const attributes = readAttributes(isRecord(resource) ? resource["attributes"] : undefined);
  const instance = attributes["k8s.pod.name"] ?? attributes["service.instance.id"];
  return {
    // The name the specification gives a service that has none.
    service: String(attributes["service.name"] ?? "unknown_service"),
    ...(instance === undefined ? {} : { instance: String(instance) }),
  };
}

function readSpan(span: Record<string, unknown>, sender: Sender): SpanRecord | undefined {
  const traceId = readId(span["traceId"], 32);
  const spanId = readId(span["spanId"], 16);
  const startMs = readInstantMs(span["startTimeUnixNano"]);
  const endMs = readInstantMs(span["endTimeUnixNano"]);
  if (traceId === undefined || spanId === undefined) return undefined;
  if (startMs === undefined || endMs === undefined) return undefined;
  const parentSpanId = readId(span["parentSpanId"], 16);
  const error = readError(span["status"]);
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...sender,
    name: typeof span["name"] === "string" ? span["name"] : "",
    kind: SPAN_KINDS[Number(span["kind"] ?? 0)] ?? "internal",
    startMs,
    durationMs: Math.max(0, endMs - startMs),
    ...(error === undefined ? {} : { error }),
    attributes: readAttributes(span["attributes"]),
  };
}

function readError(status: unknown): string | undefined {
  if (!isRecord(status) || Number(status["code"] ?? 0) !== STATUS_ERROR) return undefined;
  return typeof status["message"] === "string" ? status["message"] : "";
}

function readLog(log: Record<string, unknown>, sender: Sender): LogRecord | undefined {
  const atMs = readInstantMs(log["timeUnixNano"]) ?? readInstantMs(log["observedTimeUnixNano"]);
  if (atMs === undefined) return undefined;
  const traceId = readId(log["traceId"], 32);
  const spanId = readId(log["spanId"], 16);
  const level = log["severityText"];
  return {
    ...sender,
    atMs,
    ...(typeof level === "string" && level !== "" ? { level: level.toUpperCase() } : {}),
    message: String(readAnyValue(log["body"]) ?? ""),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    attributes: readAttributes(log["attributes"]),
  };
}
