// The server's StatefulSet and the buckets' Job.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedBucket, PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, podTemplate, statefulSetOf, type Fields } from "../../manifests/index.ts";
import { bucketScript } from "./bucket-script.ts";
import type { MinioOptions } from "./options.ts";
import { API_PORT, NAME, NAMESPACE, ROOT_SECRET } from "./surface.ts";

/** The image sets no user; MinIO runs as anybody who may write its volume. */
const USER_ID = 1000;

const fromRoot = (key: string): Fields => ({ secretKeyRef: { name: ROOT_SECRET, key } });

export function minioStatefulSet(
  { platform }: PlannedCluster,
  workload: Workload,
  { storage, storageClass }: MinioOptions,
): KubernetesObject {
  const template = podTemplate(platform, workload, {
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID },
    containers: { minio: serverContainer() },
    volumes: [{ name: "tmp", emptyDir: {} }],
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

function serverContainer(): Fields {
  return {
    args: ["server", "/data", "--certs-dir=/tmp/certs"],
    env: [
      { name: "MINIO_ROOT_USER", valueFrom: fromRoot("accessKeyId") },
      { name: "MINIO_ROOT_PASSWORD", valueFrom: fromRoot("secretAccessKey") },
      // The web interface of this release can do little more than list.
      { name: "MINIO_BROWSER", value: "off" },
    ],
    readinessProbe: { httpGet: { path: "/minio/health/ready", port: "s3" }, periodSeconds: 10 },
    livenessProbe: { httpGet: { path: "/minio/health/live", port: "s3" }, periodSeconds: 20 },
    volumeMounts: [
      { name: "data", mountPath: "/data" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

export function bucketsJob(
  { platform }: PlannedCluster,
  workload: Workload,
  buckets: readonly PlannedBucket[],
): KubernetesObject {
  const remote = (option: string): string => `RCLONE_CONFIG_MINIO_${option}`;
  const container = {
    command: ["/bin/sh", "-ec", bucketScript(buckets)],
    env: [
      { name: "HOME", value: "/tmp" },
      { name: remote("TYPE"), value: "s3" },
      { name: remote("PROVIDER"), value: "Minio" },
      { name: remote("ENDPOINT"), value: `http://${NAME}-s3.${NAMESPACE}.svc:${API_PORT}` },
      { name: remote("ACCESS_KEY_ID"), valueFrom: fromRoot("accessKeyId") },
      { name: remote("SECRET_ACCESS_KEY"), valueFrom: fromRoot("secretAccessKey") },
    ],
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadataOf(platform, workload),
    spec: {
      backoffLimit: 6,
      template: podTemplate(platform, workload, {
        securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID },
        spec: { restartPolicy: "OnFailure" },
        containers: { buckets: container },
        volumes: [{ name: "tmp", emptyDir: {} }],
      }),
    },
  };
}
