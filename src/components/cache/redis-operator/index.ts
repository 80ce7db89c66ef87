// Redis by its operator: a primary with replicas for every cache, and three sentinels that make one of them primary when it is
// lost. Apps reach whoever is primary under one name. Values as in OT-CONTAINER-KIT/redis-operator 0.26 charts/redis-operator.

import { defineProvider } from "../../../model/index.ts";
import type {
  Binding,
  EmitContext,
  Emission,
  PlannedCache,
  ResolveContext,
  Unbound,
} from "../../../model/index.ts";
import { cacheVariables } from "../../bindings/index.ts";
import { chartRelease, emitterFor, serviceAccountOf } from "../../manifests/index.ts";
import { cacheSecretId, cacheSecretName } from "../cache-secret.ts";
import { CACHE_NAMESPACE, REDIS_PORT } from "../server.ts";
import { replicationObject } from "./objects.ts";
import { redisOperatorSchema, type RedisOperatorOptions } from "./options.ts";
import {
  CHART,
  COMPONENT,
  masterHost,
  members,
  OPERATOR_RESOURCES,
  redisOperatorSurface,
} from "./surface.ts";

const AREA = "infrastructure/data";

export const redisOperatorProvider = defineProvider<PlannedCache, RedisOperatorOptions>({
  name: COMPONENT,
  serves: "cache",
  area: AREA,
  provides: ["cache"],
  options: redisOperatorSchema,
  bind: bindRedis,
  surface: redisOperatorSurface,
  emit: emitRedis,
  crds: async () => [(await import("./crds.facts.ts")).redisOperatorCrdFacts],
  apiGroups: ["redis.redis.opstreelabs.in"],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function bindRedis(
  _context: ResolveContext,
  cache: Unbound<PlannedCache>,
): Omit<Binding, "intent"> {
  const { name } = cache;
  return {
    endpoint: { kind: "workload", namespace: CACHE_NAMESPACE, name },
    port: REDIS_PORT,
    application: "redis",
    encryption: "none",
    env: cacheVariables(name, {
      host: masterHost(name),
      port: REDIS_PORT,
      tls: false,
      secret: cacheSecretName(cache),
    }),
    secrets: [cacheSecretId(cache)],
  };
}

function emitRedis(
  context: EmitContext,
  caches: readonly PlannedCache[],
  options: RedisOperatorOptions,
): Emission {
  const { cluster } = context;
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: CHART,
        namespace: CACHE_NAMESPACE,
        area: AREA,
        values: {
          redisOperator: { watchNamespace: CACHE_NAMESPACE },
          resources: OPERATOR_RESOURCES,
          podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      }),
    ],
    objects: caches.flatMap((cache) => {
      const own = members(cluster, cache, options);
      const emitted = emitterFor(AREA, cache.origin);
      return [
        ...own.slice(0, 1).map((servers) => emitted(serviceAccountOf(cluster.platform, servers))),
        emitted(replicationObject(cluster, cache, own, options)),
      ];
    }),
  };
}
