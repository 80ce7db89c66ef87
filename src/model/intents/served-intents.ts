// Everything a platform serves, by the place where a person writes it. The one list that reading, planning, binding and the
// JSON Schema go through.

import type { PlannedIntent } from "../contracts/plan.ts";
import { bucketIntent, type BucketSettings, type PlannedBucket } from "./bucket.ts";
import { cacheIntent, type CacheSettings, type PlannedCache } from "./cache.ts";
import { databaseIntent, type DatabaseSettings, type PlannedDatabase } from "./database.ts";
import type { IntentType } from "./define-intent.ts";
import { SERVED_PLACES, type ServedPlace } from "./intent-kinds.ts";
import { queueIntent, type PlannedQueue, type QueueSettings } from "./queue.ts";
import { streamIntent, type PlannedStream, type StreamSettings } from "./stream.ts";

/** As read, by name. */
export interface ServedSettings {
  readonly databases: ReadonlyMap<string, DatabaseSettings>;
  readonly queues: ReadonlyMap<string, QueueSettings>;
  readonly buckets: ReadonlyMap<string, BucketSettings>;
  readonly caches: ReadonlyMap<string, CacheSettings>;
  readonly streams: ReadonlyMap<string, StreamSettings>;
}

/** As planned, sorted by name. */
export interface ServedByCluster {
  readonly databases: readonly PlannedDatabase[];
  readonly queues: readonly PlannedQueue[];
  readonly buckets: readonly PlannedBucket[];
  readonly caches: readonly PlannedCache[];
  readonly streams: readonly PlannedStream[];
}

type SettingsAt<Place extends ServedPlace> =
  ServedSettings[Place] extends ReadonlyMap<string, infer Settings> ? Settings : never;

const SERVED_INTENTS: {
  readonly [Place in ServedPlace]: IntentType<SettingsAt<Place>, ServedByCluster[Place][number]>;
} = {
  databases: databaseIntent,
  queues: queueIntent,
  buckets: bucketIntent,
  caches: cacheIntent,
  streams: streamIntent,
};

/** What is known of the kind at a place, for callers that treat all kinds alike: settings go back where they came from. */
export function intentAt(place: ServedPlace): IntentType<unknown, PlannedIntent> {
  return SERVED_INTENTS[place] as IntentType<unknown, PlannedIntent>;
}

/** One value a place; the caller knows what type belongs to which. */
export function atEachPlace<Values extends { readonly [Place in ServedPlace]: unknown }>(
  make: (place: ServedPlace) => unknown,
): Values {
  return Object.fromEntries(SERVED_PLACES.map((place) => [place, make(place)])) as Values;
}
