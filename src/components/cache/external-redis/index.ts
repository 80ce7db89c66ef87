// Caches on a service outside the cluster. Nothing runs here; replicas and failover are the service's, behind one name.
// ElastiCache: TLS in transit goes with a password (AUTH token of 16 to 128 characters).

import type {
  Binding,
  PlannedCache,
  ResolveContext,
  Surface,
  SurfaceContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { cacheVariables } from "../../bindings/index.ts";
import { cacheSecret, cacheSecretId, cacheSecretName } from "../cache-secret.ts";
import { externalRedisSchema, type ExternalRedisOptions } from "./options.ts";

export const externalRedisProvider = defineProvider<PlannedCache, ExternalRedisOptions>({
  name: "external-redis",
  serves: "cache",
  area: "infrastructure/data",
  provides: ["cache"],
  options: externalRedisSchema,
  bind: bindExternalRedis,
  surface: externalRedisSurface,
  emit: () => ({}),
});

function bindExternalRedis(
  _context: ResolveContext,
  cache: Unbound<PlannedCache>,
  { host, port, addresses }: ExternalRedisOptions,
): Omit<Binding, "intent"> {
  return {
    endpoint: { kind: "external", name: host, addresses },
    port,
    application: "redis",
    encryption: "tls",
    env: cacheVariables(cache.name, { host, port, tls: true, secret: cacheSecretName(cache) }),
    secrets: [cacheSecretId(cache)],
  };
}

function externalRedisSurface(
  _context: SurfaceContext,
  caches: readonly PlannedCache[],
  { host }: ExternalRedisOptions,
): Surface {
  return {
    secrets: caches.map((cache) =>
      cacheSecret(cache, [], {
        key: "password",
        source: "person",
        description: `password (AUTH token) of ${host}; letters and digits only, it is part of a URL`,
      }),
    ),
  };
}
