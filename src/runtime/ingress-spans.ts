// What the ingress did as spans among those of the apps. Names: OpenTelemetry semantic conventions for HTTP and Kubernetes.

import type { RequestSpan } from "./ingress/request-span.ts";
import type { SpanRecord } from "./telemetry/index.ts";

/** An answer of its own with this status is the ingress's failure, not the caller's. */
const FAILED_FROM = 500;

export function ingressSpan(span: RequestSpan): SpanRecord {
  const { traceId, spanId, parentSpanId, name, startMs, endMs, status } = span;
  const error = status >= FAILED_FROM ? `status ${status}` : undefined;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    service: "ingress",
    name,
    kind: "server",
    startMs,
    durationMs: endMs - startMs,
    ...(error === undefined ? {} : { error }),
    attributes: {
      "http.request.method": span.method,
      "http.response.status_code": status,
      "http.request.resend_count": span.resendCount,
      "url.scheme": span.scheme,
      "url.path": span.path,
      "server.address": span.host,
      "client.address": span.clientAddress,
      ...present({ "http.route": span.route, "k8s.service.name": span.service }),
      ...present({ "k8s.pod.name": span.pod }),
      ...(span.simulated === true ? { "keelson.simulated": true } : {}),
    },
  };
}

function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
