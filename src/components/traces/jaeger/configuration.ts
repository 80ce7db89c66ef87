// Jaeger's configuration: an OpenTelemetry collector that keeps traces. Mirrors cmd/jaeger/config-badger.yaml of
// jaegertracing/jaeger v2. Written as JSON, which is YAML.

import { parseDuration } from "../../../core/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { JaegerOptions } from "./options.ts";

export const PORTS = {
  query: 16_686,
  otlpGrpc: 4317,
  otlpHttp: 4318,
  metrics: 8888,
  health: 13_133,
} as const;
export const DATA_DIRECTORY = "/badger";
const HOUR_MS = 3_600_000;

export function jaegerConfiguration({ storage, keep }: JaegerOptions): string {
  const configuration = {
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: {
        traces: {
          receivers: ["otlp"],
          processors: ["batch"],
          exporters: ["jaeger_storage_exporter"],
        },
      },
      telemetry: {
        metrics: {
          readers: [
            { pull: { exporter: { prometheus: { host: "0.0.0.0", port: PORTS.metrics } } } },
          ],
        },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: anyAddress(PORTS.health) } },
      jaeger_query: {
        storage: { traces: "main" },
        http: { endpoint: anyAddress(PORTS.query) },
      },
      jaeger_storage: { backends: { main: backend(storage, keep) } },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: anyAddress(PORTS.otlpGrpc) },
          http: { endpoint: anyAddress(PORTS.otlpHttp) },
        },
      },
    },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: "main" } },
  };
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

function anyAddress(port: number): string {
  return `0.0.0.0:${port}`;
}

function backend(storage: JaegerOptions["storage"], keep: string): Fields {
  if (storage === undefined || storage === false) return { memory: { max_traces: 50_000 } };
  const hours = Math.max(1, Math.round((parseDuration(keep) ?? 0) / HOUR_MS));
  return {
    badger: {
      directories: { keys: `${DATA_DIRECTORY}/keys`, values: `${DATA_DIRECTORY}/values` },
      ephemeral: false,
      ttl: { spans: `${hours}h` },
    },
  };
}
