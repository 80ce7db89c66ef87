// One job a database: dump, then copy to the bucket.

import type {
  PlannedCluster,
  PlannedDatabase,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { scheduled } from "../backup-options.ts";
import { backupFlow } from "../backup-job.ts";
import { BACKUP_NAMESPACE, backupNamespace } from "../backup-namespace.ts";
import { bucketOf, copiesForBackup } from "../planned-backup.ts";
import type { DatabaseDumpOptions } from "./options.ts";

export function databaseDumpSurface(
  { cluster, path }: SurfaceContext,
  options: DatabaseDumpOptions,
): Surface {
  const { to } = options;
  const target = bucketOf(cluster, to);
  if (target === undefined || cluster.databases.length === 0) return {};
  const jobs = cluster.databases.map((database) => ({
    database,
    workload: dumpWorkload(cluster, database),
  }));
  return {
    workloads: jobs.map(({ workload }) => workload),
    namespaces: [backupNamespace(path)],
    backups: [scheduled("databases", options, path)],
    flows: jobs.flatMap(({ database, workload }) => [
      backupFlow(`${workload.name}-to-database`, workload, database.binding),
      backupFlow(`${workload.name}-to-bucket`, workload, target.binding),
    ]),
    secretCopies: copiesForBackup([
      target.binding,
      ...cluster.databases.map(({ binding }) => binding),
    ]),
  };
}

export function dumpWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  { name, origin }: PlannedDatabase,
): Workload {
  return {
    kind: "CronJob",
    name: `dump-${name}`,
    namespace: BACKUP_NAMESPACE,
    labels: { "app.kubernetes.io/name": "database-dump", "app.kubernetes.io/instance": name },
    serviceAccount: `dump-${name}`,
    replicas: 1,
    ports: [],
    services: [],
    containers: [
      {
        name: "copy",
        image: versions.image("rclone"),
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
    ],
    usesApi: false,
    component: "database-dump",
    origin,
  };
}
