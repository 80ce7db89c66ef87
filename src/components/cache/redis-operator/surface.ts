// What the operator's chart creates, and the servers and sentinels it runs for each cache. Sources: OT-CONTAINER-KIT/redis-operator
// 0.26 charts/redis-operator/templates/operator-deployment.yaml, internal/k8sutils/{labels,redis-replication,statefulset}.go,
// internal/controller/redisreplication, api/redisreplication/v1beta2/redisreplication_types_helper.go.

import type { Path } from "../../../core/index.ts";
import type {
  AlertRule,
  Flow,
  PlannedCache,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import { cacheSecret } from "../cache-secret.ts";
import { CACHE_NAMESPACE, REDIS_PORT, serverResources } from "../server.ts";
import type { RedisOperatorOptions } from "./options.ts";

export const COMPONENT = "redis-operator";
export const CHART = "redis-operator";
export const OPERATOR = "redis-operator";
export const SENTINEL_PORT = 26_379;
/** A majority of three outlives one of them. */
export const SENTINELS = 3;
const METRICS_PORT = 8080;
const PROBE_PORT = 8081;
const PASSWORD_LENGTH = 32;

/** The chart's own. */
export const OPERATOR_RESOURCES = {
  requests: { cpu: "500m", memory: "500Mi" },
  limits: { cpu: "500m", memory: "500Mi" },
} as const;

export const sentinelSet = (cache: string): string => `${cache}-s`;
/** Of the server that takes writes: the operator moves it. */
export const masterHost = (cache: string): string => `${cache}-master.${CACHE_NAMESPACE}.svc`;

export function redisOperatorSurface(
  { cluster, path }: SurfaceContext,
  caches: readonly PlannedCache[],
  options: RedisOperatorOptions,
): Surface {
  if (caches.length === 0) return {};
  return {
    workloads: [
      operator(cluster, path),
      ...caches.flatMap((one) => members(cluster, one, options)),
    ],
    namespaces: [
      { name: CACHE_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path },
    ],
    flows: caches.flatMap(cacheFlows),
    secrets: caches.map((cache) =>
      cacheSecret(cache, [CACHE_NAMESPACE], {
        key: "password",
        source: "generated",
        length: PASSWORD_LENGTH,
      }),
    ),
    alerts: [primaryAlert(path)],
  };
}

function operator({ versions }: Pick<PlannedCluster, "versions">, origin: Path): Workload {
  return systemWorkload({
    name: OPERATOR,
    namespace: CACHE_NAMESPACE,
    labels: { name: OPERATOR },
    ports: { probe: PROBE_PORT, metrics: METRICS_PORT },
    containers: [
      {
        name: OPERATOR,
        image: `quay.io/opstree/redis-operator:v${versions.chart(CHART).appVersion}`,
        ...OPERATOR_RESOURCES,
      },
    ],
    usesApi: true,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

/** The servers, and where one may take over the sentinels that decide it. */
export function members(
  { versions }: Pick<PlannedCluster, "versions">,
  cache: PlannedCache,
  { cpu, sentinel }: RedisOperatorOptions,
): Workload[] {
  const { name, replicas, failover, memory, origin } = cache;
  const port = { name: "redis-client", port: REDIS_PORT, targetPort: REDIS_PORT };
  const service = (suffix: string, type: "ClusterIP" | "Headless" = "ClusterIP") =>
    ({ name: `${name}${suffix}`, type, ports: [port] }) as const;
  const servers = systemWorkload({
    kind: "StatefulSet",
    name,
    namespace: CACHE_NAMESPACE,
    labels: { app: name, redis_setup_type: "replication", role: "replication" },
    serviceAccount: name,
    replicas: replicas + 1,
    ports: { redis: REDIS_PORT },
    services: [
      service("-headless", "Headless"),
      service(""),
      service("-additional"),
      service("-master"),
      service("-replica"),
    ],
    containers: [{ name, image: versions.image("redis"), ...serverResources(memory, cpu) }],
    component: COMPONENT,
    origin,
  });
  if (!failover) return [servers];
  const set = sentinelSet(name);
  const sentinels = systemWorkload({
    kind: "StatefulSet",
    name: set,
    namespace: CACHE_NAMESPACE,
    labels: { app: set, redis_setup_type: "sentinel", role: "sentinel" },
    serviceAccount: name,
    replicas: SENTINELS,
    quorum: true,
    ports: { sentinel: SENTINEL_PORT },
    services: [
      {
        name: `${set}-hl`,
        type: "Headless",
        ports: [{ name: "sentinel-client", port: SENTINEL_PORT, targetPort: SENTINEL_PORT }],
      },
    ],
    containers: [{ name: "sentinel", image: versions.image("redis-sentinel"), ...sentinel }],
    component: COMPONENT,
    origin,
  });
  return [servers, sentinels];
}

function cacheFlows({ name, replicas, failover, origin }: PlannedCache): Flow[] {
  const flow = (label: string, from: string, to: string, port: number): Flow => ({
    name: label,
    from: { kind: "workload", namespace: CACHE_NAMESPACE, name: from },
    to: { kind: "workload", namespace: CACHE_NAMESPACE, name: to },
    port,
    protocol: "TCP",
    purpose: "internal",
    application: "redis",
    encryption: "none",
    origin,
  });
  const set = sentinelSet(name);
  return [
    flow(`redis-operator-to-${name}`, OPERATOR, name, REDIS_PORT),
    ...(replicas === 0 ? [] : [flow(`${name}-replication`, name, name, REDIS_PORT)]),
    ...(failover
      ? [
          flow(`redis-operator-to-${set}`, OPERATOR, set, SENTINEL_PORT),
          flow(`${set}-to-${name}`, set, name, REDIS_PORT),
          flow(`${set}-votes`, set, set, SENTINEL_PORT),
        ]
      : []),
  ];
}

function primaryAlert(origin: Path): AlertRule {
  return {
    name: "RedisWithoutReplicas",
    expression: `kube_statefulset_status_replicas_ready{namespace="${CACHE_NAMESPACE}"} < kube_statefulset_replicas{namespace="${CACHE_NAMESPACE}"}`,
    holds: "10m",
    severity: "warning",
    summary:
      "{{ $labels.statefulset }} runs with fewer servers than asked for: the next loss may be the last copy",
    runbook: "https://redis-operator.opstree.dev/docs/advance-configuration/",
    component: COMPONENT,
    origin,
  };
}
