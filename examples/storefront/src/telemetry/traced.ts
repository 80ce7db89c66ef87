// Spans around what the app asks of others. Names and attributes follow OpenTelemetry's semantic conventions.

import { SpanKind, SpanStatusCode, trace, type Attributes, type Span } from "@opentelemetry/api";

import { messageOf } from "./log.ts";
import { databaseDuration } from "./metrics.ts";

const tracer = trace.getTracer("storefront");

export interface SpanAbout {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

/** Runs the work inside a span; what it throws is recorded and passed on. */
export function traced<Result>(
  { name, kind, attributes }: SpanAbout,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      recordFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

export function recordFailure(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}

export interface Query {
  readonly system: string;
  readonly operation: string;
  readonly collection?: string;
  /** With placeholders: values never go into a trace. */
  readonly text?: string;
}

export async function tracedQuery<Result>(
  { system, operation, collection, text }: Query,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedMs = performance.now();
  const attributes = {
    "db.system.name": system,
    "db.operation.name": operation,
    ...(collection === undefined ? {} : { "db.collection.name": collection }),
  };
  const about = {
    name: collection === undefined ? operation : `${operation} ${collection}`,
    kind: SpanKind.CLIENT,
    attributes: text === undefined ? attributes : { ...attributes, "db.query.text": text },
  };
  let failed = true;
  try {
    const result = await traced(about, work);
    failed = false;
    return result;
  } finally {
    const seconds = (performance.now() - startedMs) / 1000;
    databaseDuration.record(seconds, {
      ...attributes,
      ...(failed ? { "error.type": "other" } : {}),
    });
  }
}
