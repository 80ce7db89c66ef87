// Options of the cache server in the cluster.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface RedisServerInput {
  /** StorageClass of the volumes. Default: the cluster's default class. */
  storageClass?: string;
  /** CPU per server: requested. Default 50m; the limit is ten times as much, 500m. */
  cpu?: string;
}

export interface RedisServerOptions {
  readonly storageClass?: string;
  readonly cpu: string;
}

export const redisServerSchema = object<RedisServerInput, RedisServerOptions>({
  storageClass: optional(string("dnsLabel")),
  cpu: optional(string("quantity"), "50m"),
});

/** One Valkey server a cache, in the cluster; it speaks the Redis protocol. */
export function redisServer(
  options: RedisServerInput = {},
): Tagged<"redis-server", RedisServerInput> {
  return { kind: "redis-server", ...options };
}
