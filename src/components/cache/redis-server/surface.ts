// One Valkey server a cache: a StatefulSet of one and two Services. Port and user: valkey-io/valkey-container
// Dockerfile.template @07970d2ccb.

import type {
  PlannedCache,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { cacheSecret } from "../cache-secret.ts";
import { CACHE_NAMESPACE, REDIS_PORT, serverResources } from "../server.ts";
import type { RedisServerOptions } from "./options.ts";

/** Long enough that nobody guesses it, and only letters and digits: it is part of a URL. */
const PASSWORD_LENGTH = 32;

export function redisServerSurface(
  { cluster, path }: SurfaceContext,
  caches: readonly PlannedCache[],
  options: RedisServerOptions,
): Surface {
  if (caches.length === 0) return {};
  return {
    workloads: caches.map((cache) => redisWorkload(cluster, cache, options)),
    namespaces: [
      { name: CACHE_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path },
    ],
    secrets: caches.map((cache) =>
      cacheSecret(cache, [CACHE_NAMESPACE], {
        key: "password",
        source: "generated",
        length: PASSWORD_LENGTH,
      }),
    ),
  };
}

/** Host of the server that takes writes, resolvable from every namespace. */
export const primaryHost = (cache: string): string => `${cache}-rw.${CACHE_NAMESPACE}.svc`;

export function redisWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  { name, memory, origin }: PlannedCache,
  { cpu }: RedisServerOptions,
): Workload {
  const port = { name: "redis", port: REDIS_PORT, targetPort: REDIS_PORT };
  return {
    kind: "StatefulSet",
    name,
    namespace: CACHE_NAMESPACE,
    labels: { "app.kubernetes.io/name": "valkey", "app.kubernetes.io/instance": name },
    serviceAccount: name,
    replicas: 1,
    ports: [{ name: "redis", port: REDIS_PORT, protocol: "TCP" }],
    services: [
      { name, type: "Headless", ports: [port] },
      { name: `${name}-rw`, type: "ClusterIP", ports: [port] },
    ],
    containers: [
      {
        name: "valkey",
        image: versions.image("valkey"),
        ...serverResources(memory, cpu),
      },
    ],
    usesApi: false,
    component: "redis-server",
    origin,
  };
}
