// The RedisReplication of a cache, its sentinels inside. Fields as in redis-operator 0.26 api/redisreplication/v1beta2.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCache, PlannedCluster, Workload } from "../../../model/index.ts";
import { platformPriority, systemLabels, type Fields } from "../../manifests/index.ts";
import { cacheSecretName } from "../cache-secret.ts";
import { CACHE_NAMESPACE, evictionOf, memoryBytes } from "../server.ts";
import type { RedisOperatorOptions } from "./options.ts";
import { SENTINELS } from "./surface.ts";

/** User of the images (redis-operator docs, "Password protected"). */
const REDIS_USER_ID = 1000;

const POD_SECURITY = {
  runAsUser: REDIS_USER_ID,
  runAsGroup: REDIS_USER_ID,
  fsGroup: REDIS_USER_ID,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};
const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};

export function replicationObject(
  cluster: PlannedCluster,
  cache: PlannedCache,
  [servers, sentinels]: readonly Workload[],
  { storageClass }: RedisOperatorOptions,
): KubernetesObject {
  const { name, replicas, persistence, storage } = cache;
  const redisSecret = { name: cacheSecretName(cache), key: "password" };
  const common = { ...platformPriority(cluster), podSecurityContext: POD_SECURITY };
  return {
    apiVersion: "redis.redis.opstreelabs.in/v1beta2",
    kind: "RedisReplication",
    metadata: {
      name,
      namespace: CACHE_NAMESPACE,
      labels: systemLabels(cluster.platform, "redis", name),
    },
    spec: {
      clusterSize: replicas + 1,
      kubernetesConfig: {
        image: servers?.containers[0]?.image,
        imagePullPolicy: "IfNotPresent",
        redisSecret,
        resources: resourcesOf(servers),
      },
      redisConfig: {
        dynamicConfig: [`maxmemory ${memoryBytes(cache)}`, `maxmemory-policy ${evictionOf(cache)}`],
      },
      ...common,
      securityContext: SECURITY,
      serviceAccountName: name,
      ...spread(servers),
      ...(replicas === 0 ? {} : { pdb: { enabled: true, maxUnavailable: 1 } }),
      ...(persistence === "none" ? {} : { storage: volume(storage, storageClass) }),
      ...(sentinels === undefined
        ? {}
        : {
            sentinel: {
              size: SENTINELS,
              image: sentinels.containers[0]?.image,
              imagePullPolicy: "IfNotPresent",
              redisSecret,
              resources: resourcesOf(sentinels),
              ...common,
              securityContext: SECURITY,
              serviceAccountName: name,
              ...spread(sentinels),
            },
          }),
    },
  };
}

function resourcesOf(workload: Workload | undefined): Fields {
  const [container] = workload?.containers ?? [];
  return { requests: container?.requests, limits: container?.limits };
}

function volume(storage: string, storageClass: string | undefined): Fields {
  return {
    volumeClaimTemplate: {
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage } },
      },
    },
  };
}

function spread(workload: Workload | undefined): Fields {
  if (workload === undefined || workload.replicas < 2) return {};
  return {
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: workload.labels },
      }),
    ),
  };
}
