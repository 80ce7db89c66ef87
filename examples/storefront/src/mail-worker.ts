// Takes mail jobs from the queue until it is told to stop; a job under way is finished first.

import { context, SpanKind } from "@opentelemetry/api";
import { setTimeout as sleep } from "node:timers/promises";

import type { MailQueue, ReceivedJob } from "./mail-queue.ts";
import type { OrderStore } from "./orders/order-store.ts";
import type { ShopCache } from "./shop-cache.ts";
import { log, messageOf } from "./telemetry/log.ts";
import { mailsHandled } from "./telemetry/metrics.ts";
import { traced } from "./telemetry/traced.ts";

export interface MailWorker {
  stop(): Promise<void>;
}

const PAUSE_MS = 1000;
const RETRY_SECONDS_MAX = 30;

export interface MailWorkerOptions {
  readonly queue: MailQueue;
  readonly orders: OrderStore | undefined;
  readonly cache: ShopCache | undefined;
}

export function startMailWorker(options: MailWorkerOptions): MailWorker {
  const stopping = new AbortController();
  const ended = work(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function work(options: MailWorkerOptions, signal: AbortSignal): Promise<void> {
  let isAway = false;
  while (!signal.aborted) {
    try {
      const jobs = await options.queue.receive(signal);
      if (isAway) log.info("the mail queue is back");
      isAway = false;
      for (const received of jobs) await handle(options, received);
    } catch (error) {
      if (!isAway) log.warn("the mail queue is away", { error: messageOf(error) });
      isAway = true;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function handle(options: MailWorkerOptions, received: ReceivedJob): Promise<void> {
  const { job, attempt, origin } = received;
  const { name } = options.queue;
  const about = {
    name: `process ${name}`,
    kind: SpanKind.CONSUMER,
    attributes: {
      "messaging.system": "aws_sqs",
      "messaging.operation.type": "process",
      "messaging.destination.name": name,
      "shop.attempt": attempt,
    },
  };
  await context.with(origin, () =>
    traced(about, () => deliverAndRecord(options, received)).then(
      () => mailsHandled.add(1, { outcome: "delivered" }),
      async (error: unknown) => {
        mailsHandled.add(1, { outcome: "failed" });
        log.warn("mail failed", { order: job.order, attempt, error: messageOf(error) });
        await received.retryIn(Math.min(RETRY_SECONDS_MAX, 2 ** (attempt - 1)));
      },
    ),
  );
}

async function deliverAndRecord(
  { orders, cache }: MailWorkerOptions,
  { job, done }: ReceivedJob,
): Promise<void> {
  deliver(job.customer);
  await orders?.markMailed(job.order, new Date());
  // The copy in the cache does not know yet.
  await cache?.forget(job.order);
  await done();
  log.info("mail delivered", { order: job.order });
}

/**
 * The outgoing mail of this shop is its log: there is nothing to send with. Addresses under `.invalid` (RFC 2606) bounce, to
 * show the way to the dead letters.
 */
function deliver(customer: string): void {
  if (customer === "") throw new Error("the job names no customer");
  if (/\.invalid$/i.test(customer)) throw new Error("the address does not exist");
}
