// How long metrics are kept and where: the same for every form of Prometheus.

import {
  either,
  integer,
  list,
  object,
  oneOf,
  optional,
  string,
  type ResolveContext,
} from "../../model/index.ts";
import { volatileMetrics } from "./diagnostics.ts";

export interface MetricsStoreInput {
  /** How long samples are kept. Default 15d. */
  retention?: string;
  /** Volume of each replica; `false` for memory and disk of the pod. Default 50Gi, and false in a single environment. */
  storage?: string | false;
  /** Default: the cluster's default class. */
  storageClass?: string;
  /** Where samples are kept for longer, over HTTPS. Default: nowhere. */
  remoteWrite?: RemoteWriteInput;
  /** Default 1, and 2 in a highly available environment: both scrape, Alertmanager tells people once. */
  replicas?: number;
}

export interface RemoteWriteInput {
  host: string;
  /** Default /api/v1/write. */
  path?: string;
  /** Ranges it resolves to. Default: anywhere outside the cluster. */
  addresses?: string[];
}

export interface MetricsStoreOptions {
  readonly retention: string;
  readonly storage?: string | false;
  readonly storageClass?: string;
  readonly remoteWrite?: Required<RemoteWriteInput>;
  readonly replicas?: number;
}

export const metricsStoreSchema = object<MetricsStoreInput, MetricsStoreOptions>({
  retention: optional(string("duration"), "15d"),
  storage: optional(either(string("quantity"), oneOf([false]))),
  storageClass: optional(string("dnsLabel")),
  remoteWrite: optional(
    object<RemoteWriteInput, Required<RemoteWriteInput>>({
      host: string("domain"),
      path: optional(string("urlPath"), "/api/v1/write"),
      addresses: optional(list(string("cidr")), []),
    }),
  ),
  replicas: optional(integer({ min: 1, max: 2 })),
});

export function settleStore(
  { cluster, path, report }: ResolveContext,
  options: MetricsStoreOptions,
): MetricsStoreOptions {
  const lasting = cluster.scale === "highly-available";
  const storage = options.storage ?? (lasting ? "50Gi" : false);
  if (lasting && storage === false) {
    report(volatileMetrics([...path, "storage"], { environment: cluster.environment }));
  }
  return { ...options, storage, replicas: options.replicas ?? (lasting ? 2 : 1) };
}
