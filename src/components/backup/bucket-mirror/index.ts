// Incremental mirrors of buckets into another one.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, EmittedObject } from "../../../model/index.ts";
import { emitterFor, serviceAccountOf } from "../../manifests/index.ts";
import { BACKUP_AREA } from "../backup-namespace.ts";
import { bucketOf } from "../planned-backup.ts";
import { mirrorCronJob } from "./cron-job.ts";
import { bucketMirrorSchema, type BucketMirrorOptions } from "./options.ts";
import { bucketMirrorSurface, mirroredBuckets, mirrorWorkload } from "./surface.ts";

export const bucketMirrorFiller = defineSlotFiller<BucketMirrorOptions>({
  name: "bucket-mirror",
  slot: "backup",
  area: BACKUP_AREA,
  provides: ["bucketBackup"],
  needs: ["bucket"],
  options: bucketMirrorSchema,
  surface: bucketMirrorSurface,
  emit: (context, options) => ({ objects: mirrorObjects(context, options) }),
  local: async () => (await import("../local.ts")).backupLocal,
});

function mirrorObjects(
  { cluster, path }: EmitContext,
  options: BucketMirrorOptions,
): EmittedObject[] {
  const target = bucketOf(cluster, options.to);
  if (target === undefined) return [];
  const emitted = emitterFor(BACKUP_AREA, path);
  return mirroredBuckets(cluster, options).flatMap((source) => [
    emitted(serviceAccountOf(cluster.platform, mirrorWorkload(cluster, source))),
    emitted(mirrorCronJob(cluster, source, target, options)),
  ]);
}
