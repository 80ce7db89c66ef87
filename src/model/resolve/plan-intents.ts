// What people asked for, with every default explicit. Sorted by name.

import { parseDuration } from "../../core/index.ts";
import type { Path } from "../../core/index.ts";
import type {
  PlannedApp,
  PlannedBucket,
  PlannedDatabase,
  PlannedQueue,
  PlannedRole,
} from "../contracts/plan.ts";
import type { Unbound } from "../contracts/component.ts";
import { parseImageReference } from "../image-reference.ts";
import type { BucketSettings, DatabaseSettings, QueueSettings } from "../intents/data-settings.ts";
import type { Choices } from "./choices.ts";
import { planApp } from "./plan-app.ts";
import type { Resolution } from "./resolve-plan.ts";

export interface Intents {
  /** Without bindings. */
  readonly apps: readonly PlannedApp[];
  readonly databases: readonly Unbound<PlannedDatabase>[];
  readonly queues: readonly Unbound<PlannedQueue>[];
  readonly buckets: readonly Unbound<PlannedBucket>[];
  readonly roles: readonly PlannedRole[];
}

export function planIntents(resolution: Resolution, choices: Choices): Intents {
  const { cluster } = choices;
  const { settings, originOf } = resolution.environment;
  const origin = (place: string, name: string): Path => originOf([place, name]);
  return {
    apps: [...settings.apps].map(([name, app]) => planApp(resolution, choices, name, app)),
    databases: [...settings.databases].map(([name, database]) =>
      planDatabase(cluster, name, database, origin("databases", name)),
    ),
    queues: [...settings.queues].map(([name, queue]) =>
      planQueue(name, queue, origin("queues", name)),
    ),
    buckets: [...settings.buckets].map(([name, bucket]) =>
      planBucket(name, bucket, origin("buckets", name)),
    ),
    roles: [...settings.roles].map(([name, role]) => ({
      name,
      ...role,
      origin: origin("roles", name),
    })),
  };
}

function planDatabase(
  { scale, versions }: Choices["cluster"],
  name: string,
  { kind, instances, storage, version }: DatabaseSettings,
  origin: Path,
): Unbound<PlannedDatabase> {
  return {
    kind: "database",
    name,
    origin,
    engine: kind,
    instances: scale === "single" ? 1 : instances,
    storage,
    version: version ?? majorVersion(versions.image(kind)),
  };
}

/** `docker.io/library/postgres:18.6` → `18`. */
function majorVersion(image: string): string {
  return parseImageReference(image)?.tag?.split(".")[0] ?? "";
}

function planQueue(
  name: string,
  { deadLetterAfter, visibilityTimeout }: QueueSettings,
  origin: Path,
): Unbound<PlannedQueue> {
  return {
    kind: "queue",
    name,
    origin,
    ...(deadLetterAfter === false ? {} : { deadLetterAfter }),
    visibilityTimeoutMs: parseDuration(visibilityTimeout) ?? 0,
  };
}

function planBucket(
  name: string,
  { versioned, expireAfter }: BucketSettings,
  origin: Path,
): Unbound<PlannedBucket> {
  const expireAfterMs = expireAfter === undefined ? undefined : parseDuration(expireAfter);
  return {
    kind: "bucket",
    name,
    origin,
    versioned,
    ...(expireAfterMs === undefined ? {} : { expireAfterMs }),
  };
}
