// The secret an app reads its cache's password from: one shape whoever provides the cache.

import type { PlannedCache, SecretDemand, SecretKey, Unbound } from "../../model/index.ts";

/** Name of the Kubernetes Secret, the same in the cache's namespace and in every consumer's. */
export function cacheSecretName({ name }: Unbound<PlannedCache>): string {
  return `${name}-cache`;
}

/** Id in the sealed file: the definition path of the cache. */
export function cacheSecretId({ name }: Unbound<PlannedCache>): string {
  return `caches.${name}`;
}

export function cacheSecret(
  cache: PlannedCache,
  namespaces: readonly string[],
  password: SecretKey,
): SecretDemand {
  return {
    id: cacheSecretId(cache),
    name: cacheSecretName(cache),
    type: "Opaque",
    namespaces,
    keys: [password],
    area: "infrastructure/data",
    origin: cache.origin,
  };
}
