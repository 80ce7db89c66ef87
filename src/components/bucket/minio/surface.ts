// MinIO on one server, and the Job that makes its buckets. Ports and health paths: minio/minio documentation,
// "Deploy MinIO on Kubernetes" and "Healthcheck API".

import type { Path } from "../../../core/index.ts";
import type {
  PlannedBucket,
  PlannedCluster,
  SecretDemand,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { GENERATED_KEYS } from "../bucket-secret.ts";
import type { MinioOptions } from "./options.ts";

export const AREA = "infrastructure/storage";
export const NAMESPACE = "storage";
export const NAME = "minio";
export const API_PORT = 9000;
export const ROOT_SECRET = "minio-root";
/** One account for all buckets: users and policies would need MinIO's own client, whose images stopped too. */
export const ROOT_SECRET_ID = "buckets.minio-root";

export function minioSurface(
  { cluster, path }: SurfaceContext,
  buckets: readonly PlannedBucket[],
  options: MinioOptions,
): Surface {
  if (buckets.length === 0) return {};
  const job = bucketsWorkload(cluster, path);
  return {
    workloads: [serverWorkload(cluster, path, options), job],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      {
        name: "minio-buckets-to-minio",
        from: { kind: "workload", namespace: NAMESPACE, name: job.name },
        to: { kind: "workload", namespace: NAMESPACE, name: NAME },
        port: API_PORT,
        protocol: "TCP",
        purpose: "internal",
        application: "s3",
        encryption: "none",
        origin: path,
      },
    ],
    secrets: [rootSecret(path)],
  };
}

function rootSecret(origin: Path): SecretDemand {
  return {
    id: ROOT_SECRET_ID,
    name: ROOT_SECRET,
    type: "Opaque",
    namespaces: [NAMESPACE],
    keys: GENERATED_KEYS,
    area: AREA,
    origin,
  };
}

export function serverWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
  { resources }: MinioOptions,
): Workload {
  const s3 = { name: "s3", port: API_PORT, targetPort: API_PORT };
  return {
    kind: "StatefulSet",
    name: NAME,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": "minio", "app.kubernetes.io/component": "server" },
    serviceAccount: NAME,
    replicas: 1,
    ports: [{ name: "s3", port: API_PORT, protocol: "TCP" }],
    services: [
      { name: NAME, type: "Headless", ports: [s3] },
      { name: `${NAME}-s3`, type: "ClusterIP", ports: [s3] },
    ],
    containers: [{ name: "minio", image: versions.image("minio"), ...resources }],
    usesApi: false,
    component: "minio",
    origin,
  };
}

export function bucketsWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
): Workload {
  return {
    kind: "Job",
    name: `${NAME}-buckets`,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": "minio", "app.kubernetes.io/component": "buckets" },
    serviceAccount: `${NAME}-buckets`,
    replicas: 1,
    ports: [],
    services: [],
    containers: [
      {
        name: "buckets",
        image: versions.image("rclone"),
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
    ],
    usesApi: false,
    component: "minio",
    origin,
  };
}
