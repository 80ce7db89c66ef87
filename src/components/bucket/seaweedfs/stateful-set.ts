// The server's StatefulSet. Flags and user as in seaweedfs 4.44 docker/Dockerfile.go_build, docker/entrypoint.sh and
// k8s/charts/seaweedfs/templates/all-in-one.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedBucket, PlannedCluster, Workload } from "../../../model/index.ts";
import { podTemplate, statefulSetOf, type Fields } from "../../manifests/index.ts";
import {
  IDENTITIES_DIRECTORY,
  IDENTITIES_FILE,
  identitiesScript,
  identityVariables,
} from "./identities.ts";
import type { SeaweedfsOptions } from "./options.ts";

/** `seaweed` in the image. */
export const SEAWEED_USER_ID = 1000;

export function seaweedfsStatefulSet(
  { platform }: PlannedCluster,
  workload: Workload,
  buckets: readonly PlannedBucket[],
  { storage, storageClass }: SeaweedfsOptions,
): KubernetesObject {
  const template = podTemplate(platform, workload, {
    securityContext: {
      runAsUser: SEAWEED_USER_ID,
      runAsGroup: SEAWEED_USER_ID,
      fsGroup: SEAWEED_USER_ID,
    },
    // Volumes are flushed on the way down.
    spec: { terminationGracePeriodSeconds: 60 },
    initContainers: [identitiesContainer(workload, buckets)],
    containers: { seaweedfs: serverContainer() },
    volumes: [
      // In memory: it holds keys.
      { name: "identities", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      { name: "tmp", emptyDir: {} },
    ],
  });
  return statefulSetOf(
    platform,
    workload,
    {
      serviceName: workload.name,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
            resources: { requests: { storage } },
          },
        },
      ],
    },
    template,
  );
}

function identitiesContainer(workload: Workload, buckets: readonly PlannedBucket[]): Fields {
  const [server] = workload.containers;
  return {
    name: "identities",
    image: server?.image,
    resources: {
      requests: { cpu: "10m", memory: "16Mi" },
      limits: { cpu: "100m", memory: "64Mi" },
    },
    command: ["/bin/sh", "-ec", identitiesScript(buckets)],
    env: identityVariables(buckets),
    volumeMounts: [{ name: "identities", mountPath: IDENTITIES_DIRECTORY }],
  };
}

function serverContainer(): Fields {
  const health = { httpGet: { path: "/healthz", port: "s3" } };
  return {
    // The image's entrypoint only fixes ownership for root, which this pod never is.
    command: ["weed"],
    args: [
      "-logtostderr=true",
      "server",
      "-dir=/data",
      "-ip=$(POD_IP)",
      "-ip.bind=0.0.0.0",
      "-filer",
      "-s3",
      `-s3.config=${IDENTITIES_FILE}`,
      // As many volumes as fit the disk, 1 GiB each.
      "-volume.max=0",
      "-master.volumeSizeLimitMB=1024",
      "-master.telemetry=false",
    ],
    env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
    startupProbe: { ...health, periodSeconds: 5, failureThreshold: 24 },
    readinessProbe: { ...health, periodSeconds: 10 },
    livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 6 },
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "identities", mountPath: IDENTITIES_DIRECTORY, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
