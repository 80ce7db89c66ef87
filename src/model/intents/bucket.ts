// Buckets with an S3 interface: how they are written, read and planned.

import { parseDuration } from "../../core/index.ts";
import type { Binding, PlannedIntent } from "../contracts/plan.ts";
import { boolean } from "../schema/choice.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import { defineIntent } from "./define-intent.ts";

export interface Bucket {
  /** Keep overwritten and deleted objects. Default false. */
  versioned?: boolean;
  /** Objects older than this are removed. Default: kept. */
  expireAfter?: string;
}

export interface BucketSettings {
  readonly versioned: boolean;
  readonly expireAfter?: string;
}

export interface PlannedBucket extends PlannedIntent {
  readonly kind: "bucket";
  readonly provider: "bucket";
  readonly versioned: boolean;
  readonly expireAfterMs?: number;
  readonly binding: Binding;
}

export const bucketSchema: Schema<Bucket, BucketSettings> = object<Bucket, BucketSettings>({
  versioned: optional(boolean(), false),
  expireAfter: optional(string("duration")),
});

export const bucketIntent = defineIntent<BucketSettings, PlannedBucket>({
  kind: "bucket",
  schema: bucketSchema,
  servedBy: () => "bucket",
  plan: (_facts, named, { versioned, expireAfter }) => {
    const expireAfterMs = expireAfter === undefined ? undefined : parseDuration(expireAfter);
    return {
      kind: "bucket",
      provider: "bucket",
      ...named,
      versioned,
      ...(expireAfterMs === undefined ? {} : { expireAfterMs }),
    };
  },
});
