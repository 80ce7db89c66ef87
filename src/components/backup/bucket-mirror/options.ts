// Options of bucket mirrors.

import { list, object, reference, type Tagged } from "../../../model/index.ts";
import { SCHEDULE_FIELDS, type ScheduleInput } from "../backup-options.ts";

export interface BucketMirrorInput extends ScheduleInput {
  /** Names of the buckets that are mirrored. */
  from: string[];
}

export type BucketMirrorOptions = Readonly<BucketMirrorInput>;

export const bucketMirrorSchema = object<BucketMirrorInput, BucketMirrorOptions>({
  ...SCHEDULE_FIELDS,
  from: list(reference("bucket"), { min: 1 }),
});

/** Copies what changed in some buckets into another, on a schedule. */
export function bucketMirror(
  options: BucketMirrorInput,
): Tagged<"bucket-mirror", BucketMirrorInput> {
  return { kind: "bucket-mirror", ...options };
}
