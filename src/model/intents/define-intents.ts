// What a person calls to write an intent: each returns plain data with its `kind`, and nothing else happens.

import type { Database, PostgresDatabase, Queue, Release } from "./intents.ts";

/** A PostgreSQL database. */
export function postgres(options: PostgresDatabase = {}): Database {
  return { kind: "postgres", ...options };
}

/** A queue with an SQS interface. */
export function queue(options: Queue = {}): Queue {
  return { ...options };
}

type Rolling = Extract<Release, { kind: "rolling" }>;

/** New pods come up before old ones go. */
export function rolling(options: Omit<Rolling, "kind"> = {}): Rolling {
  return { kind: "rolling", ...options };
}

/** The new version gets these shares of the traffic, in percent, one after the other. */
export function canary(steps: number[]): Extract<Release, { kind: "canary" }> {
  return { kind: "canary", steps };
}

/** The new version comes up beside the old one and takes all traffic at once. */
export function blueGreen(): Extract<Release, { kind: "blue-green" }> {
  return { kind: "blue-green" };
}
