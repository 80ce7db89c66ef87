// What an app's process is told so that it sends here: the variables every OpenTelemetry SDK reads.
// Mirrors opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables and protocol/exporter.

import type { RunningTelemetryServer } from "./telemetry-server.ts";

export interface TelemetrySender {
  /** The app's name. */
  readonly service: string;
  /** The platform's name; metrics that are pushed get the job `platform/service`, a scrape the job `service`. */
  readonly platform: string;
  readonly namespace: string;
  readonly pod: string;
}

/** For the environment of a process; the app's own variables should win. */
export function telemetryVariables(
  { url, token }: Pick<RunningTelemetryServer, "url" | "token">,
  { service, platform, namespace, pod }: TelemetrySender,
): Readonly<Record<string, string>> {
  const attributes = {
    "service.namespace": platform,
    "service.instance.id": pod,
    "k8s.namespace.name": namespace,
    "k8s.pod.name": pod,
  };
  const listed = Object.entries(attributes).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(`Bearer ${token}`)}`,
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: listed.join(","),
    // A person watches: soon rather than seldom.
    OTEL_BSP_SCHEDULE_DELAY: "500",
    OTEL_METRIC_EXPORT_INTERVAL: "5000",
  };
}
