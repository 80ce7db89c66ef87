// `rclone sync` copies what changed. What it would overwrite or delete moves to a dated folder first and stays there as
// long as copies are kept. Source: rclone documentation, "sync" and "--backup-dir".

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedBucket, PlannedCluster } from "../../../model/index.ts";
import { environmentOf, type Fields } from "../../manifests/index.ts";
import { backupCronJob, WORK_MOUNTS } from "../backup-job.ts";
import { keepSeconds } from "../backup-options.ts";
import { bucketNameOf, RCLONE_SETTINGS, rcloneRemote } from "../rclone.ts";
import type { BucketMirrorOptions } from "./options.ts";
import { mirrorWorkload } from "./surface.ts";

const DEADLINE_SECONDS = 4 * 3600;

export function mirrorCronJob(
  cluster: PlannedCluster,
  source: PlannedBucket,
  target: PlannedBucket,
  options: BucketMirrorOptions,
): KubernetesObject {
  return backupCronJob({
    platform: cluster.platform,
    workload: mirrorWorkload(cluster, source),
    when: options,
    deadlineSeconds: DEADLINE_SECONDS,
    parts: { containers: { mirror: mirrorContainer(source, target, options) } },
  });
}

function mirrorContainer(
  source: PlannedBucket,
  target: PlannedBucket,
  options: BucketMirrorOptions,
): Fields {
  const from = `source:${bucketNameOf(source.binding)}`;
  const base = `target:${bucketNameOf(target.binding)}/buckets/${source.name}`;
  return {
    command: ["/bin/sh", "-ec", mirrorScript(from, base, keepSeconds(options))],
    env: environmentOf([
      ...RCLONE_SETTINGS,
      ...rcloneRemote("source", source.binding),
      ...rcloneRemote("target", target.binding),
    ]),
    volumeMounts: WORK_MOUNTS,
  };
}

/** Folders are pruned by their name: objects keep the date of their content, which says nothing of when they were replaced. */
function mirrorScript(from: string, base: string, seconds: number): string {
  return [
    `mirror=${base}`,
    "today=$(date -u +%Y-%m-%d)",
    `rclone sync ${from} "$mirror/current" --backup-dir "$mirror/replaced/$today"`,
    "# Folders named before this day have been kept long enough.",
    `cutoff=$(date -u -d "@$(($(date -u +%s) - ${seconds}))" +%Y-%m-%d)`,
    `rclone lsf --dirs-only "$mirror/replaced" | awk -v cutoff="$cutoff" '$0 < cutoff' |`,
    '  while read -r folder; do rclone purge "$mirror/replaced/$folder"; done',
    "",
  ].join("\n");
}
