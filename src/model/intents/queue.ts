// Queues with an SQS interface: how they are written, read and planned.

import { parseDuration } from "../../core/index.ts";
import type { Binding, PlannedIntent } from "../contracts/plan.ts";
import { either, oneOf } from "../schema/choice.ts";
import { integer } from "../schema/number.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import type { Schema } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import { defineIntent } from "./define-intent.ts";

export interface Queue {
  /** Deliveries before a message moves to the dead-letter queue. Default 5; `false` for none. */
  deadLetterAfter?: number | false;
  /** How long a received message stays hidden. Default 30s. */
  visibilityTimeout?: string;
}

export interface QueueSettings {
  readonly deadLetterAfter: number | false;
  readonly visibilityTimeout: string;
}

export interface PlannedQueue extends PlannedIntent {
  readonly kind: "queue";
  readonly provider: "queue";
  readonly deadLetterAfter?: number;
  readonly visibilityTimeoutMs: number;
  readonly binding: Binding;
}

/** A queue with an SQS interface. */
export function queue(options: Queue = {}): Queue {
  return { ...options };
}

/** SQS allows 1 to 1,000 receives before a message moves (maxReceiveCount). */
const RECEIVES_MAX = 1000;

export const queueSchema: Schema<Queue, QueueSettings> = object<Queue, QueueSettings>({
  deadLetterAfter: optional(either(integer({ min: 1, max: RECEIVES_MAX }), oneOf([false])), 5),
  visibilityTimeout: optional(string("duration"), "30s"),
});

export const queueIntent = defineIntent<QueueSettings, PlannedQueue>({
  kind: "queue",
  schema: queueSchema,
  servedBy: () => "queue",
  plan: (_facts, named, { deadLetterAfter, visibilityTimeout }) => ({
    kind: "queue",
    provider: "queue",
    ...named,
    ...(deadLetterAfter === false ? {} : { deadLetterAfter }),
    visibilityTimeoutMs: parseDuration(visibilityTimeout) ?? 0,
  }),
});
