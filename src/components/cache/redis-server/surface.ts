// One Valkey server a cache: a StatefulSet of one and two Services. Port and user: valkey-io/valkey-container
// Dockerfile.template @07970d2ccb.

import { formatQuantity, invariant, multiplyQuantity, parseQuantity } from "../../../core/index.ts";
import type {
  PlannedCache,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { cacheSecret } from "../cache-secret.ts";
import type { RedisServerOptions } from "./options.ts";

export const CACHE_NAMESPACE = "cache";
export const REDIS_PORT = 6379;
/** Long enough that nobody guesses it, and only letters and digits: it is part of a URL. */
const PASSWORD_LENGTH = 32;
/** Beyond the data: clients' buffers and, while a snapshot is written, copies of the pages that change. */
const MEMORY_FACTOR = 2;
const CPU_LIMIT_FACTOR = 10;

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
        requests: { cpu, memory: times(memory, MEMORY_FACTOR) },
        limits: {
          cpu: times(cpu, CPU_LIMIT_FACTOR),
          memory: times(memory, MEMORY_FACTOR),
        },
      },
    ],
    usesApi: false,
    component: "redis-server",
    origin,
  };
}

function times(text: string, factor: number): string {
  const quantity = parseQuantity(text);
  invariant(quantity !== undefined, `${text} was read as a quantity`);
  return formatQuantity(multiplyQuantity(quantity, factor));
}
