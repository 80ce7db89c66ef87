// The messages of OTLP by field number, with the names their JSON form has. What nobody reads here has no row.
// Mirrors open-telemetry/opentelemetry-proto v1.3: collector/*/v1, trace/v1, metrics/v1, logs/v1, common/v1.

/** How a value stands on the wire and in JSON: ids are hexadecimal there, 64-bit integers decimal text. */
export type OtlpScalar =
  | "text"
  | "id"
  | "bytes"
  | "boolean"
  | "integer"
  | "fixed64"
  | "sfixed64"
  | "double";

export interface OtlpField {
  readonly name: string;
  /** A scalar, or the name of a message. */
  readonly type: OtlpScalar | OtlpMessage;
  readonly isList?: true;
}

export type OtlpMessage = keyof typeof MESSAGES;

const one = (name: string, type: string) => ({ name, type });
const list = (name: string, type: string) => ({ name, type, isList: true });

const MESSAGES = {
  TraceRequest: { 1: list("resourceSpans", "ResourceSpans") },
  MetricsRequest: { 1: list("resourceMetrics", "ResourceMetrics") },
  LogsRequest: { 1: list("resourceLogs", "ResourceLogs") },
  ResourceSpans: { 1: one("resource", "Resource"), 2: list("scopeSpans", "ScopeSpans") },
  ResourceMetrics: { 1: one("resource", "Resource"), 2: list("scopeMetrics", "ScopeMetrics") },
  ResourceLogs: { 1: one("resource", "Resource"), 2: list("scopeLogs", "ScopeLogs") },
  Resource: { 1: list("attributes", "KeyValue") },
  ScopeSpans: { 2: list("spans", "Span") },
  ScopeMetrics: { 2: list("metrics", "Metric") },
  ScopeLogs: { 2: list("logRecords", "LogRecord") },
  Span: {
    1: one("traceId", "id"),
    2: one("spanId", "id"),
    4: one("parentSpanId", "id"),
    5: one("name", "text"),
    6: one("kind", "integer"),
    7: one("startTimeUnixNano", "fixed64"),
    8: one("endTimeUnixNano", "fixed64"),
    9: list("attributes", "KeyValue"),
    11: list("events", "Event"),
    15: one("status", "Status"),
  },
  Event: { 2: one("name", "text"), 3: list("attributes", "KeyValue") },
  Status: { 2: one("message", "text"), 3: one("code", "integer") },
  Metric: {
    1: one("name", "text"),
    2: one("description", "text"),
    3: one("unit", "text"),
    5: one("gauge", "Gauge"),
    7: one("sum", "Sum"),
    9: one("histogram", "Histogram"),
  },
  Gauge: { 1: list("dataPoints", "NumberDataPoint") },
  Sum: {
    1: list("dataPoints", "NumberDataPoint"),
    2: one("aggregationTemporality", "integer"),
    3: one("isMonotonic", "boolean"),
  },
  Histogram: {
    1: list("dataPoints", "HistogramDataPoint"),
    2: one("aggregationTemporality", "integer"),
  },
  NumberDataPoint: {
    2: one("startTimeUnixNano", "fixed64"),
    3: one("timeUnixNano", "fixed64"),
    4: one("asDouble", "double"),
    6: one("asInt", "sfixed64"),
    7: list("attributes", "KeyValue"),
  },
  HistogramDataPoint: {
    2: one("startTimeUnixNano", "fixed64"),
    3: one("timeUnixNano", "fixed64"),
    4: one("count", "fixed64"),
    5: one("sum", "double"),
    6: list("bucketCounts", "fixed64"),
    7: list("explicitBounds", "double"),
    9: list("attributes", "KeyValue"),
  },
  LogRecord: {
    1: one("timeUnixNano", "fixed64"),
    3: one("severityText", "text"),
    5: one("body", "AnyValue"),
    6: list("attributes", "KeyValue"),
    9: one("traceId", "id"),
    10: one("spanId", "id"),
    11: one("observedTimeUnixNano", "fixed64"),
  },
  KeyValue: { 1: one("key", "text"), 2: one("value", "AnyValue") },
  AnyValue: {
    1: one("stringValue", "text"),
    2: one("boolValue", "boolean"),
    3: one("intValue", "integer"),
    4: one("doubleValue", "double"),
    5: one("arrayValue", "ArrayValue"),
    6: one("kvlistValue", "KeyValueList"),
    7: one("bytesValue", "bytes"),
  },
  ArrayValue: { 1: list("values", "AnyValue") },
  KeyValueList: { 1: list("values", "KeyValue") },
} as const;

const SCALARS: ReadonlySet<string> = new Set<OtlpScalar>([
  "text",
  "id",
  "bytes",
  "boolean",
  "integer",
  "fixed64",
  "sfixed64",
  "double",
]);

/** Undefined for fields that nobody reads. */
export function otlpField(message: OtlpMessage, number: number): OtlpField | undefined {
  // The table's rows have this shape; `one` and `list` lose the narrow type of their second argument.
  return (MESSAGES[message] as Readonly<Record<number, OtlpField>>)[number];
}

export function isScalar(type: OtlpField["type"]): type is OtlpScalar {
  return SCALARS.has(type);
}
