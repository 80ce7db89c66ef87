// The collector's pipelines: traces go to every sink that speaks OTLP, metrics wait to be scraped. Written as JSON, which is
// YAML. Keys as documented at opentelemetry.io/docs/collector/configuration.

import type { PlannedCluster } from "../../../model/index.ts";

export const PORTS = { otlpGrpc: 4317, otlpHttp: 4318, metrics: 8889, health: 13_133 } as const;

export function collectorConfiguration({ offers }: Pick<PlannedCluster, "offers">): string {
  const sinks = offers.filter(
    ({ capability, form }) => capability === "traceSink" && form === "otlp",
  );
  const exporters = Object.fromEntries(
    sinks.map(({ component, url }) => [
      `otlp/${component}`,
      { endpoint: url.replace(/^https?:\/\//, ""), tls: { insecure: true } },
    ]),
  );
  const shared = { receivers: ["otlp"], processors: ["memory_limiter", "batch"] };
  const traces = { ...shared, exporters: Object.keys(exporters) };
  const configuration = {
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `0.0.0.0:${PORTS.otlpGrpc}` },
          http: { endpoint: `0.0.0.0:${PORTS.otlpHttp}` },
        },
      },
    },
    processors: {
      // Of the container's limit: beyond it senders are told to wait.
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 25 },
      batch: {},
    },
    exporters: { ...exporters, prometheus: { endpoint: `0.0.0.0:${PORTS.metrics}` } },
    extensions: { health_check: { endpoint: `0.0.0.0:${PORTS.health}` } },
    service: {
      extensions: ["health_check"],
      pipelines: {
        ...(sinks.length === 0 ? {} : { traces }),
        metrics: { ...shared, exporters: ["prometheus"] },
      },
    },
  };
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}
