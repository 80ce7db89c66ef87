// Makes the buckets with rclone, once and again without harm. Source: rclone documentation, "mkdir" and "backend versioning"
// of Amazon S3.

import type { PlannedBucket } from "../../../model/index.ts";

export function bucketScript(buckets: readonly PlannedBucket[]): string {
  const commands = buckets.flatMap(({ name, versioned }) => [
    `rclone mkdir minio:${name}`,
    ...(versioned ? [`rclone backend versioning minio:${name} Enabled`] : []),
  ]);
  return ["until rclone lsd minio: > /dev/null 2>&1; do sleep 2; done", ...commands, ""].join("\n");
}
