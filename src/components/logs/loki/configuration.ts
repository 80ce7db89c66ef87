// Loki's configuration: everything in one process, chunks and index in a bucket. Keys as documented at
// grafana.com/docs/loki/latest/configure; `${…}` is read from the environment (-config.expand-env). JSON is YAML.

import { parseDuration } from "../../../core/index.ts";
import type { Binding } from "../../../model/index.ts";
import { variablePrefix } from "../../bindings/index.ts";
import type { LokiOptions } from "./options.ts";

export const HTTP_PORT = 3100;
export const GRPC_PORT = 9095;
export const DATA_DIRECTORY = "/loki";
const HOUR_MS = 3_600_000;

export function lokiConfiguration({ intent }: Binding, { keep }: LokiOptions): string {
  const prefix = `${variablePrefix(intent.name)}_BUCKET`;
  const variable = (suffix: string): string => `\${${prefix}${suffix}}`;
  const hours = Math.max(24, Math.round((parseDuration(keep) ?? 0) / HOUR_MS));
  const configuration = {
    auth_enabled: false,
    server: { http_listen_port: HTTP_PORT, grpc_listen_port: GRPC_PORT },
    common: {
      path_prefix: DATA_DIRECTORY,
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: {
        s3: {
          endpoint: variable("_ENDPOINT"),
          bucketnames: variable(""),
          region: variable("_REGION"),
          access_key_id: variable("_ACCESS_KEY_ID"),
          secret_access_key: variable("_SECRET_ACCESS_KEY"),
          s3forcepathstyle: true,
        },
      },
    },
    schema_config: {
      configs: [
        {
          from: "2024-04-01",
          store: "tsdb",
          object_store: "s3",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    limits_config: { retention_period: `${hours}h` },
    compactor: {
      working_directory: `${DATA_DIRECTORY}/compactor`,
      retention_enabled: true,
      delete_request_store: "s3",
    },
    analytics: { reporting_enabled: false },
  };
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}
