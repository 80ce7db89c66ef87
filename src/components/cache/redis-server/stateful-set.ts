// The server's StatefulSet. Facts of the image (user 999, /data): valkey-io/valkey-container Dockerfile.template @07970d2ccb.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCache, PlannedCluster, Workload } from "../../../model/index.ts";
import { podTemplate, statefulSetOf, type Fields } from "../../manifests/index.ts";
import { cacheSecretName } from "../cache-secret.ts";
import { PASSWORD_VARIABLE, serverArguments, START_SCRIPT } from "./arguments.ts";
import type { RedisServerOptions } from "./options.ts";

const VALKEY_USER_ID = 999;
const DATA_MOUNT = "/data";

export function redisStatefulSet(
  { platform }: PlannedCluster,
  workload: Workload,
  cache: PlannedCache,
  { storageClass }: RedisServerOptions,
): KubernetesObject {
  const isKept = cache.persistence !== "none";
  const template = podTemplate(platform, workload, {
    securityContext: {
      runAsUser: VALKEY_USER_ID,
      runAsGroup: VALKEY_USER_ID,
      fsGroup: VALKEY_USER_ID,
    },
    containers: { valkey: serverContainer(cache) },
    volumes: [{ name: "tmp", emptyDir: {} }, ...(isKept ? [] : [{ name: "data", emptyDir: {} }])],
  });
  const volume = {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    volumeClaimTemplates: [dataClaim(cache, storageClass)],
  };
  return statefulSetOf(
    platform,
    workload,
    { serviceName: cache.name, ...(isKept ? volume : {}) },
    template,
  );
}

function serverContainer(cache: PlannedCache): Fields {
  const secret = { name: cacheSecretName(cache), key: "password" };
  return {
    command: ["/bin/sh", "-c", START_SCRIPT, "valkey"],
    args: serverArguments(cache, DATA_MOUNT),
    env: [
      { name: PASSWORD_VARIABLE, valueFrom: { secretKeyRef: secret } },
      // What valkey-cli signs in with.
      { name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: secret } },
    ],
    startupProbe: { ...answers, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...answers, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { tcpSocket: { port: "redis" }, periodSeconds: 20, failureThreshold: 6 },
    volumeMounts: [
      { name: "data", mountPath: DATA_MOUNT },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** While data is read from disk the server answers LOADING, with exit code 0. */
const answers: Fields = {
  exec: { command: ["/bin/sh", "-c", "valkey-cli ping | grep -q PONG"] },
};

function dataClaim({ storage }: PlannedCache, storageClass: string | undefined): Fields {
  return {
    metadata: { name: "data" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage } },
    },
  };
}
