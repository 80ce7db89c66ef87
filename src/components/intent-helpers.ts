// Helpers for what a person asks for, whoever provides it. They only name the shape, so that an editor completes it.

import type { Database, PostgresDatabase, Queue, Bucket, Release } from "../model/index.ts";

/** A PostgreSQL database. */
export function postgres(options: PostgresDatabase = {}): Database {
  return { kind: "postgres", ...options };
}

/** A queue with the SQS API. */
export function queue(options: Queue = {}): Queue {
  return { ...options };
}

/** A bucket with the S3 API. */
export function bucket(options: Bucket = {}): Bucket {
  return { ...options };
}

/** Pods are replaced a few at a time. */
export function rolling(
  options: Omit<Extract<Release, { kind: "rolling" }>, "kind"> = {},
): Extract<Release, { kind: "rolling" }> {
  return { kind: "rolling", ...options };
}
