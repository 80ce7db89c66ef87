// Valkey in the cluster without an operator: one server a cache. For laptops and small environments; what must answer while
// a node is away belongs to a provider that replicates.

import type {
  Binding,
  EmitContext,
  EmittedObject,
  PlannedCache,
  ResolveContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { cacheVariables } from "../../bindings/index.ts";
import { emitterFor, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { cacheSecretId, cacheSecretName } from "../cache-secret.ts";
import { CACHE_NAMESPACE, REDIS_PORT } from "../server.ts";
import { cacheDoesNotReplicate } from "./diagnostics.ts";
import { redisServerSchema, type RedisServerOptions } from "./options.ts";
import { redisStatefulSet } from "./stateful-set.ts";
import { primaryHost, redisServerSurface, redisWorkload } from "./surface.ts";

const AREA = "infrastructure/data";

export const redisServerProvider = defineProvider<PlannedCache, RedisServerOptions>({
  name: "redis-server",
  serves: "cache",
  area: AREA,
  provides: ["cache"],
  options: redisServerSchema,
  bind: bindRedisServer,
  surface: redisServerSurface,
  local: async () => (await import("./local.ts")).redisLocal,
  emit: (context, caches, options) => ({
    objects: caches.flatMap((cache) => serverObjects(context, cache, options)),
  }),
});

function bindRedisServer(
  { report }: ResolveContext,
  cache: Unbound<PlannedCache>,
): Omit<Binding, "intent"> {
  const { name, replicas, origin } = cache;
  if (replicas > 0)
    report(cacheDoesNotReplicate([...origin, "replicas"], { cache: name, replicas }));
  return {
    endpoint: { kind: "workload", namespace: CACHE_NAMESPACE, name },
    port: REDIS_PORT,
    application: "redis",
    encryption: "none",
    env: cacheVariables(name, {
      host: primaryHost(name),
      port: REDIS_PORT,
      tls: false,
      secret: cacheSecretName(cache),
    }),
    secrets: [cacheSecretId(cache)],
  };
}

function serverObjects(
  { cluster }: EmitContext,
  cache: PlannedCache,
  options: RedisServerOptions,
): EmittedObject[] {
  const workload = redisWorkload(cluster, cache, options);
  const emitted = emitterFor(AREA, cache.origin);
  return [
    emitted(serviceAccountOf(cluster.platform, workload)),
    emitted(redisStatefulSet(cluster, workload, cache, options)),
    ...servicesOf(cluster.platform, workload).map((service) => emitted(service)),
  ];
}
