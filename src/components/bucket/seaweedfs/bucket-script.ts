// Makes the buckets, once and again without harm. Commands: seaweedfs 4.44 weed/shell/command_s3_bucket_{create,list,
// versioning}.go and command_fs_configure.go; the list-before-create is what the project's own chart does.

import { DAY_MS } from "../../../core/index.ts";
import type { PlannedBucket } from "../../../model/index.ts";

export function bucketScript(buckets: readonly PlannedBucket[]): string {
  return [
    "# Healthy once the filer has found its master.",
    'until curl -fsS -o /dev/null "http://$WEED_CLUSTER_SW_FILER/healthz"; do sleep 2; done',
    "known=$(echo 's3.bucket.list' | weed shell)",
    ...buckets.flatMap(bucketCommands),
    "",
  ].join("\n");
}

function bucketCommands({ name, versioned, expireAfterMs }: PlannedBucket): string[] {
  return [
    `echo "$known" | awk '{print $1}' | grep -Fxq ${name} ||`,
    `  echo 's3.bucket.create -name ${name} -owner ${name}' | weed shell`,
    ...(versioned
      ? [`echo 's3.bucket.versioning -name ${name} -status Enabled' | weed shell`]
      : []),
    ...(expireAfterMs === undefined ? [] : [expiryCommand(name, expireAfterMs)]),
  ];
}

/** SeaweedFS counts the lifetime of objects in whole days here. */
function expiryCommand(name: string, expireAfterMs: number): string {
  const days = Math.max(1, Math.ceil(expireAfterMs / DAY_MS));
  return `echo 'fs.configure -locationPrefix=/buckets/${name}/ -ttl=${days}d -apply' | weed shell`;
}
