// Logical dumps of every database of the cluster. At three in the morning by the documents' own habit; the mirror of buckets
// follows an hour later, so it finds the dumps. Nothing waits for the other: each reports its own failure.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, EmittedObject } from "../../../model/index.ts";
import { emitterFor, serviceAccountOf } from "../../manifests/index.ts";
import { BACKUP_AREA } from "../backup-namespace.ts";
import { bucketOf } from "../planned-backup.ts";
import { dumpCronJob } from "./cron-job.ts";
import { databaseDumpSchema, type DatabaseDumpOptions } from "./options.ts";
import { databaseDumpSurface, dumpWorkload } from "./surface.ts";

export const databaseDumpFiller = defineSlotFiller<DatabaseDumpOptions>({
  name: "database-dump",
  slot: "backup",
  area: BACKUP_AREA,
  provides: ["databaseBackup"],
  needs: ["bucket"],
  options: databaseDumpSchema,
  surface: databaseDumpSurface,
  emit: (context, options) => ({ objects: dumpObjects(context, options) }),
  local: async () => (await import("../local.ts")).backupLocal,
});

function dumpObjects(
  { cluster, path }: EmitContext,
  options: DatabaseDumpOptions,
): EmittedObject[] {
  const target = bucketOf(cluster, options.to);
  if (target === undefined) return [];
  const emitted = emitterFor(BACKUP_AREA, path);
  return cluster.databases.flatMap((database) => [
    emitted(serviceAccountOf(cluster.platform, dumpWorkload(cluster, database))),
    emitted(dumpCronJob(cluster, database, target, options)),
  ]);
}
