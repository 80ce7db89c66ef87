// How databases, queues, buckets and roles are read.

import { either, boolean, oneOf, union } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { integer } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { reference } from "../schema/reference.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import type { Bucket, Database, PostgresDatabase, Queue, Role } from "./intents.ts";

export interface DatabaseSettings {
  readonly kind: "postgres";
  readonly instances: number;
  readonly storage: string;
  readonly replicateTo?: string;
  readonly version?: string;
}

export interface QueueSettings {
  readonly deadLetterAfter: number | false;
  readonly visibilityTimeout: string;
}

export interface BucketSettings {
  readonly versioned: boolean;
  readonly expireAfter?: string;
}

/** SQS allows 1 to 1,000 receives before a message moves (maxReceiveCount). */
const RECEIVES_MAX = 1000;
/** A PostgreSQL major version. */
const MAJOR_VERSION = {
  expected: 'a major version such as "18"',
  problem: (text: string) => (/^[1-9]\d?$/.test(text) ? undefined : ""),
  jsonSchema: { pattern: "^[1-9][0-9]?$" },
};

export const databaseSchema: Schema<Database, DatabaseSettings> = union<Database, DatabaseSettings>(
  "database",
  {
    postgres: object<PostgresDatabase, Omit<DatabaseSettings, "kind">>({
      instances: optional(integer({ min: 1, max: 9 }), 1),
      storage: optional(string("quantity"), "5Gi"),
      replicateTo: optional(reference("cluster")),
      version: optional(string(MAJOR_VERSION)),
    }),
  },
);

export const queueSchema: Schema<Queue, QueueSettings> = object<Queue, QueueSettings>({
  deadLetterAfter: optional(either(integer({ min: 1, max: RECEIVES_MAX }), oneOf([false])), 5),
  visibilityTimeout: optional(string("duration"), "30s"),
});

export const bucketSchema: Schema<Bucket, BucketSettings> = object<Bucket, BucketSettings>({
  versioned: optional(boolean(), false),
  expireAfter: optional(string("duration")),
});

export const roleSchema: Schema<Role> = object<Role>({
  level: oneOf(["cluster-admin", "delivery-admin", "developer", "viewer"]),
  groups: list(string(), { min: 1 }),
});
