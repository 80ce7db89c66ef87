// Streams: topics of a log with a Kafka interface. How they are written, read and planned.

import { parseDuration } from "../../core/index.ts";
import type { Binding, PlannedIntent } from "../contracts/plan.ts";
import { integer } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { record } from "../schema/record.ts";
import { reference } from "../schema/reference.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import { defineIntent } from "./define-intent.ts";

export interface Stream {
  /** How many consumers of one group can work at once; order holds inside a partition. Never lowered. Default 3. */
  partitions?: number;
  /** Brokers that hold each message, where the environment is highly available. Default 3. */
  replicas?: number;
  /** How long messages are kept. Default 7d. */
  retention?: string;
  /** Apps that share the work of reading, by the name of their group. */
  consumers?: Record<string, string>;
}

export interface StreamSettings {
  readonly partitions: number;
  readonly replicas: number;
  readonly retention: string;
  readonly consumers: Readonly<Record<string, string>>;
}

export interface PlannedStream extends PlannedIntent {
  readonly kind: "stream";
  readonly provider: "stream";
  readonly partitions: number;
  readonly replicas: number;
  readonly retentionMs: number;
  /** Group → app. */
  readonly consumers: Readonly<Record<string, string>>;
  readonly binding: Binding;
}

/** A topic with a Kafka interface. */
export function stream(options: Stream = {}): Stream {
  return { ...options };
}

/** More is a slip of the finger: each partition costs every broker that holds it. */
const PARTITIONS_MAX = 1000;

export const streamSchema: Schema<Stream, StreamSettings> = object<Stream, StreamSettings>({
  partitions: optional(integer({ min: 1, max: PARTITIONS_MAX }), 3),
  replicas: optional(integer({ min: 1, max: 9 }), 3),
  retention: optional(string("duration"), "7d"),
  consumers: optional(record(reference("app")), {}),
});

export const streamIntent = defineIntent<StreamSettings, PlannedStream>({
  kind: "stream",
  schema: streamSchema,
  servedBy: () => "stream",
  plan: ({ scale }, named, { partitions, replicas, retention, consumers }) => ({
    kind: "stream",
    provider: "stream",
    ...named,
    partitions,
    replicas: scale === "single" ? 1 : replicas,
    retentionMs: parseDuration(retention) ?? 0,
    consumers,
  }),
});
