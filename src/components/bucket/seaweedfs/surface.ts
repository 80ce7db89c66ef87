// SeaweedFS in one process: master, volume server, filer and S3 gateway. Ports: seaweedfs 4.44 weed/command/server.go and
// docker/Dockerfile.go_build; gRPC ports are the HTTP ports plus 10,000.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  PlannedBucket,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { bucketSecret, GENERATED_KEYS } from "../bucket-secret.ts";
import type { SeaweedfsOptions } from "./options.ts";

export const NAMESPACE = "storage";
export const NAME = "seaweedfs";
export const S3_PORT = 8333;
export const MASTER_PORT = 9333;
export const FILER_PORT = 8888;
const MASTER_GRPC_PORT = 19_333;
const FILER_GRPC_PORT = 18_888;

export function seaweedfsSurface(
  { cluster, path }: SurfaceContext,
  buckets: readonly PlannedBucket[],
  options: SeaweedfsOptions,
): Surface {
  if (buckets.length === 0) return {};
  return {
    workloads: [serverWorkload(cluster, path, options), bucketsWorkload(cluster, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [
      bucketFlow("seaweedfs-buckets-to-master-grpc", MASTER_GRPC_PORT, path),
      bucketFlow("seaweedfs-buckets-to-filer", FILER_PORT, path),
      bucketFlow("seaweedfs-buckets-to-filer-grpc", FILER_GRPC_PORT, path),
    ],
    secrets: buckets.map((bucket) => bucketSecret(bucket, [NAMESPACE], GENERATED_KEYS)),
  };
}

type Cluster = Pick<PlannedCluster, "versions">;

export function serverWorkload(
  { versions }: Cluster,
  origin: Path,
  { resources }: SeaweedfsOptions,
): Workload {
  const port = (name: string, number: number) => ({ name, port: number, protocol: "TCP" as const });
  const servicePort = (name: string, number: number) => ({
    name,
    port: number,
    targetPort: number,
  });
  return {
    kind: "StatefulSet",
    name: NAME,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": "seaweedfs", "app.kubernetes.io/component": "server" },
    serviceAccount: NAME,
    replicas: 1,
    ports: [
      port("s3", S3_PORT),
      port("master", MASTER_PORT),
      port("master-grpc", MASTER_GRPC_PORT),
      port("filer", FILER_PORT),
      port("filer-grpc", FILER_GRPC_PORT),
    ],
    services: [
      {
        name: NAME,
        type: "Headless",
        ports: [
          servicePort("master", MASTER_PORT),
          servicePort("master-grpc", MASTER_GRPC_PORT),
          servicePort("filer", FILER_PORT),
          servicePort("filer-grpc", FILER_GRPC_PORT),
        ],
      },
      { name: `${NAME}-s3`, type: "ClusterIP", ports: [servicePort("s3", S3_PORT)] },
    ],
    containers: [{ name: "seaweedfs", image: versions.image("seaweedfs"), ...resources }],
    usesApi: false,
    component: "seaweedfs",
    origin,
  };
}

const BUCKETS_JOB = `${NAME}-buckets`;

export function bucketsWorkload({ versions }: Cluster, origin: Path): Workload {
  return {
    kind: "Job",
    name: BUCKETS_JOB,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": "seaweedfs", "app.kubernetes.io/component": "buckets" },
    serviceAccount: `${NAME}-buckets`,
    replicas: 1,
    ports: [],
    services: [],
    containers: [
      {
        name: "buckets",
        image: versions.image("seaweedfs"),
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
      },
    ],
    usesApi: false,
    component: "seaweedfs",
    origin,
  };
}

function bucketFlow(name: string, port: number, origin: Path): Flow {
  return {
    name,
    from: { kind: "workload", namespace: NAMESPACE, name: BUCKETS_JOB },
    to: { kind: "workload", namespace: NAMESPACE, name: NAME },
    port,
    protocol: "TCP",
    purpose: "internal",
    application: port === FILER_PORT ? "http" : "grpc",
    encryption: "none",
    origin,
  };
}
