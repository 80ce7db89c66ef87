// What a person calls to write an intent: each returns plain data with its `kind`, and nothing else happens.

import type { Tagged } from "../schema/schema.ts";
import type {
  CanaryRelease,
  Database,
  PostgresDatabase,
  Queue,
  RollingRelease,
} from "./intents.ts";

/** A PostgreSQL database. */
export function postgres(options: PostgresDatabase = {}): Database {
  return { kind: "postgres", ...options };
}

/** A queue with an SQS interface. */
export function queue(options: Queue = {}): Queue {
  return { ...options };
}

/** New pods come up before old ones go. */
export function rolling(options: RollingRelease = {}): Tagged<"rolling", RollingRelease> {
  return { kind: "rolling", ...options };
}

/** The new version gets these shares of the traffic, in percent, one after the other. */
export function canary(steps: number[]): Tagged<"canary", CanaryRelease> {
  return { kind: "canary", steps };
}

/** The new version comes up beside the old one and takes all traffic at once. */
export function blueGreen(): Tagged<"blue-green"> {
  return { kind: "blue-green" };
}
