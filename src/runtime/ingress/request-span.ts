// The trace of a request through the ingress: W3C Trace Context in and out, and one server span for whoever collects them.
// https://www.w3.org/TR/trace-context/ level 1.

import type { InstantMs, Rng } from "../../core/index.ts";

export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the ingress's own span. */
  readonly spanId: string;
  /** The caller's span; absent when the trace begins here. */
  readonly parentSpanId?: string;
  readonly sampled: boolean;
}

/** What the ingress did with one request, in the terms of OpenTelemetry's HTTP server spans. */
export interface RequestSpan extends TraceContext {
  /** `GET shop/storefront`: method and route. */
  readonly name: string;
  readonly startMs: InstantMs;
  readonly endMs: InstantMs;
  readonly method: string;
  readonly scheme: "http" | "https";
  readonly host: string;
  /** Without query, which may hold secrets. */
  readonly path: string;
  /** 0: the client went away before an answer. */
  readonly status: number;
  readonly clientAddress: string;
  /** `namespace/name` of the HTTPRoute or Ingress; absent: none matched. */
  readonly route?: string;
  /** `namespace/name` of the Service. */
  readonly service?: string;
  /** `namespace/name` of the pod that answered, and whether it is simulated. */
  readonly pod?: string;
  readonly simulated?: boolean;
  /** Endpoints that were asked before it. */
  readonly resendCount: number;
}

export type OnSpan = (span: RequestSpan) => void;

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Continues the caller's trace, or begins one that is recorded. */
export function startTrace(traceparent: string | undefined, rng: Rng): TraceContext {
  const [, traceId = "", parentSpanId = "", flags = "00", more] =
    TRACEPARENT.exec(traceparent ?? "") ?? [];
  const spanId = hex(16, rng);
  const version = traceparent?.slice(0, 2);
  const isValid = isId(traceId) && isId(parentSpanId) && version !== "ff";
  // Version 00 has nothing after the flags.
  if (!isValid || (version === "00" && more !== undefined))
    return { traceId: hex(32, rng), spanId, sampled: true };
  return { traceId, spanId, parentSpanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** All zeros mean none. */
const isId = (text: string): boolean => /[1-9a-f]/.test(text);

/** Eight digits of every draw: this runs for every request. */
function hex(length: number, rng: Rng): string {
  let text = "";
  while (text.length < length)
    text += rng
      .below(2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return isId(text) ? text : hex(length, rng);
}
