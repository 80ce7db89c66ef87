// Options of a Redis or Valkey service outside the cluster.

import { list, object, optional, port, string, type Tagged } from "../../../model/index.ts";

export interface ExternalRedisInput {
  /** DNS name of the service, e.g. the primary endpoint of an ElastiCache replication group. All caches of the environment share it. */
  host: string;
  /** Default 6379. */
  port?: number;
  /** Address ranges it answers from, for the network policies. Default: anywhere outside the cluster. */
  addresses?: string[];
}

export interface ExternalRedisOptions {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

export const externalRedisSchema = object<ExternalRedisInput, ExternalRedisOptions>({
  host: string("host"),
  port: optional(port(), 6379),
  addresses: optional(list(string("cidr")), []),
});

/** A Redis or Valkey service somebody else runs, over TLS: ElastiCache, Memorystore, a managed cache. */
export function externalRedis(
  options: ExternalRedisInput,
): Tagged<"external-redis", ExternalRedisInput> {
  return { kind: "external-redis", ...options };
}
