// The header `traceparent` of W3C Trace Context: how a part of the runtime joins a trace, or starts one and passes it on.

import type { Rng } from "../../core/index.ts";

export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

// Version ff is forbidden; versions after 00 may append fields, which are ignored.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const HEX = "0123456789abcdef";
const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/** Undefined for a header that is absent or malformed: the receiver starts a trace of its own. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, traceId = "", spanId = "", flags = ""] = TRACEPARENT.exec(header?.trim() ?? "") ?? [];
  if (!/[1-9a-f]/.test(traceId) || !/[1-9a-f]/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** The context of a new span: in the parent's trace, or the first of a new one. */
export function childContext(parent: TraceContext | undefined, rng: Rng): TraceContext {
  return {
    traceId: parent?.traceId ?? rng.text(TRACE_DIGITS, HEX),
    spanId: rng.text(SPAN_DIGITS, HEX),
    isSampled: parent?.isSampled ?? true,
  };
}
