// What a proxy did with a request as a span among those of the apps: the caller's as a client, the member's own as a server.
// Names: OpenTelemetry semantic conventions for HTTP and Kubernetes.

import type { InstantMs, Rng } from "../../../core/index.ts";
import { startTrace, type TraceContext } from "../../ingress/request-span.ts";
import type { SpanRecord } from "../../telemetry/index.ts";

export interface ProxySpan {
  readonly trace: TraceContext;
  readonly kind: "client" | "server";
  /** `app.namespace` of whose proxy it is, as Istio names it. */
  readonly service: string;
  readonly method: string;
  readonly path: string;
  /** Of the Service or pod that is asked. */
  readonly target: string;
  readonly status: number;
  /** As Envoy's access log has it; absent: the app answered. */
  readonly flag?: string | undefined;
  readonly peer?: string | undefined;
  readonly attempts: number;
  readonly startMs: InstantMs;
  readonly endMs: InstantMs;
}

/** Undefined: nothing is told. Who has a trace already decides; others begin one now and then. */
export function traceOf(
  traceparent: string | undefined,
  tracedPercent: number | undefined,
  rng: Rng,
): TraceContext | undefined {
  if (tracedPercent === undefined) return undefined;
  if (traceparent === undefined && rng.next() * 100 >= tracedPercent) return undefined;
  const trace = startTrace(traceparent, rng);
  return trace.sampled ? trace : undefined;
}

export function meshSpan(span: ProxySpan): SpanRecord {
  const { trace, kind, service, method, path, target, status, flag, peer, attempts } = span;
  const { startMs, endMs } = span;
  return {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentSpanId === undefined ? {} : { parentSpanId: trace.parentSpanId }),
    service,
    name: `${method} ${target}`,
    kind,
    startMs,
    durationMs: endMs - startMs,
    ...(status >= 500 || status === 0 ? { error: `status ${status}` } : {}),
    attributes: {
      component: "proxy",
      "http.request.method": method,
      "http.response.status_code": status,
      "http.request.resend_count": Math.max(0, attempts - 1),
      "url.path": path,
      "server.address": target,
      ...(flag === undefined ? {} : { response_flags: flag }),
      ...(peer === undefined ? {} : { "peer.principal": peer }),
    },
  };
}
