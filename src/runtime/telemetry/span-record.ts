// One span as the runtime keeps it: what OTLP brings and what the runtime's own parts, such as the ingress, hand over in
// process. Plain data; times are milliseconds with fractions, which a double holds to a quarter of a microsecond today.

/** OTLP also knows arrays and maps; they are kept as their JSON text. */
export type AttributeValue = string | number | boolean;

export type Attributes = Readonly<Record<string, AttributeValue>>;

export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";

export interface SpanRecord {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** Left out for the first span of a trace. */
  readonly parentSpanId?: string;
  /** Who did it, as a person says it: `storefront`, `ingress`. */
  readonly service: string;
  /** Which of several, e.g. the pod's name. */
  readonly instance?: string;
  /** What was done, with few different values: `GET /orders/:id`. */
  readonly name: string;
  readonly kind: SpanKind;
  /** Since the Unix epoch. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Present when it failed; empty when nobody said why. */
  readonly error?: string;
  readonly attributes: Attributes;
}
