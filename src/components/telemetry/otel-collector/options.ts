// Options of the OpenTelemetry Collector.

import { integer, object, optional, type Tagged } from "../../../model/index.ts";

export interface OtelCollectorInput {
  /** Default 2, whatever the environment: one may go while services keep sending. */
  replicas?: number;
}

export interface OtelCollectorOptions {
  readonly replicas: number;
}

export const otelCollectorSchema = object<OtelCollectorInput, OtelCollectorOptions>({
  replicas: optional(integer({ min: 1, max: 20 }), 2),
});

/** Takes OTLP from every app and passes traces to who keeps them, metrics to who scrapes them. */
export function otelCollector(
  options: OtelCollectorInput = {},
): Tagged<"otel-collector", OtelCollectorInput> {
  return { kind: "otel-collector", ...options };
}
