// What a single server cannot promise.

import { defineDiagnostic } from "../../../core/index.ts";

export const cacheDoesNotReplicate = defineDiagnostic<{
  readonly cache: string;
  readonly replicas: number;
}>({
  code: "cache/provider-does-not-replicate",
  severity: "error",
  message: ({ cache, replicas }) =>
    `${cache} asks for ${replicas} ${replicas === 1 ? "replica" : "replicas"}; redis-server runs one server a cache and nothing takes over for it`,
  hint: () =>
    "set replicas to 0 where the cache may be away for the time of a restart, or choose providers.cache: redisOperator(), or externalRedis({ host: … }), whose service replicates",
});
