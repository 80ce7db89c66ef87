// One job a mirrored bucket.

import type {
  PlannedBucket,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { scheduled } from "../backup-options.ts";
import { backupFlow } from "../backup-job.ts";
import { BACKUP_NAMESPACE, backupNamespace } from "../backup-namespace.ts";
import { bucketOf, copiesForBackup } from "../planned-backup.ts";
import type { BucketMirrorOptions } from "./options.ts";

export function bucketMirrorSurface(
  { cluster, path }: SurfaceContext,
  options: BucketMirrorOptions,
): Surface {
  const target = bucketOf(cluster, options.to);
  const sources = mirroredBuckets(cluster, options);
  if (target === undefined || sources.length === 0) return {};
  const jobs = sources.map((source) => ({ source, workload: mirrorWorkload(cluster, source) }));
  return {
    workloads: jobs.map(({ workload }) => workload),
    namespaces: [backupNamespace(path)],
    backups: [scheduled("buckets", options, path)],
    flows: jobs.flatMap(({ source, workload }) => [
      backupFlow(`${workload.name}-from-bucket`, workload, source.binding),
      backupFlow(`${workload.name}-to-bucket`, workload, target.binding),
    ]),
    secretCopies: copiesForBackup([target.binding, ...sources.map(({ binding }) => binding)]),
  };
}

export function mirroredBuckets(
  cluster: Pick<PlannedCluster, "buckets">,
  { from }: BucketMirrorOptions,
): PlannedBucket[] {
  return from.flatMap((name) => bucketOf(cluster, name) ?? []);
}

export function mirrorWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  { name, origin }: PlannedBucket,
): Workload {
  return {
    kind: "CronJob",
    name: `mirror-${name}`,
    namespace: BACKUP_NAMESPACE,
    labels: { "app.kubernetes.io/name": "bucket-mirror", "app.kubernetes.io/instance": name },
    serviceAccount: `mirror-${name}`,
    replicas: 1,
    ports: [],
    services: [],
    containers: [
      {
        name: "mirror",
        image: versions.image("rclone"),
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
    ],
    usesApi: false,
    component: "bucket-mirror",
    origin,
  };
}
