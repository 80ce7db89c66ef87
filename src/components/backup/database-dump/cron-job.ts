// A dump into a work directory, then rclone to the bucket and the old copies away. Two containers because no
// published image holds both tools; the dump comes first, as an init container, so a failed dump copies nothing.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedBucket, PlannedCluster, PlannedDatabase } from "../../../model/index.ts";
import { engineImage } from "../../database/engine-image.ts";
import { containerOf, environmentOf, type Fields } from "../../manifests/index.ts";
import { backupCronJob, WORK_DIRECTORY, WORK_MOUNTS } from "../backup-job.ts";
import { keepSeconds } from "../backup-options.ts";
import { bucketNameOf, RCLONE_SETTINGS, rcloneRemote } from "../rclone.ts";
import type { DatabaseDumpOptions } from "./options.ts";
import { dumpScript } from "./dump-scripts.ts";
import { dumpWorkload } from "./surface.ts";

const DEADLINE_SECONDS = 3600;

export function dumpCronJob(
  cluster: PlannedCluster,
  database: PlannedDatabase,
  target: PlannedBucket,
  options: DatabaseDumpOptions,
): KubernetesObject {
  return backupCronJob({
    platform: cluster.platform,
    workload: dumpWorkload(cluster, database),
    when: options,
    deadlineSeconds: DEADLINE_SECONDS,
    parts: {
      initContainers: [dumpContainer(cluster, database)],
      containers: { copy: copyContainer(database, target, options) },
    },
  });
}

function dumpContainer({ versions }: PlannedCluster, database: PlannedDatabase): Fields {
  return {
    ...containerOf({
      name: "dump",
      image: engineImage(versions, database),
      requests: { cpu: "50m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    }),
    command: ["/bin/bash", "-euo", "pipefail", "-c", dumpScript(database, WORK_DIRECTORY)],
    env: environmentOf(database.binding.env),
    volumeMounts: WORK_MOUNTS,
  };
}

function copyContainer(
  { name }: PlannedDatabase,
  { binding }: PlannedBucket,
  options: DatabaseDumpOptions,
): Fields {
  const folder = `target:${bucketNameOf(binding)}/databases/${name}`;
  return {
    command: [
      "/bin/sh",
      "-ec",
      [
        `folder=${folder}`,
        `rclone copy ${WORK_DIRECTORY} "$folder"`,
        `rclone delete --min-age ${keepSeconds(options)}s "$folder"`,
        "",
      ].join("\n"),
    ],
    env: environmentOf([...RCLONE_SETTINGS, ...rcloneRemote("target", binding)]),
    volumeMounts: WORK_MOUNTS,
  };
}
