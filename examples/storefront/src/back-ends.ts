// Opens what the bindings name. Nothing here waits for a server: the process starts, says what is away, and picks it up when
// it comes. Only the order store is needed to serve.

import { setTimeout as sleep } from "node:timers/promises";

import type { Configuration } from "./configuration.ts";
import type { MailQueue } from "./mail-queue.ts";
import type { OrderEvents } from "./order-events.ts";
import { openOrderStore, type OrderStore } from "./orders/order-store.ts";
import type { ShopCache } from "./shop-cache.ts";
import { log, messageOf } from "./telemetry/log.ts";
import type { UploadStore } from "./upload-store.ts";

export interface BackEnds {
  readonly orders: OrderStore | undefined;
  readonly cache: ShopCache | undefined;
  readonly uploads: UploadStore | undefined;
  readonly mail: MailQueue | undefined;
  readonly events: OrderEvents | undefined;
  /** The order store's schema is up to date. */
  isMigrated(): boolean;
  close(): Promise<void>;
}

const RETRY_MAX_MS = 5000;

export async function openBackEnds(configuration: Configuration): Promise<BackEnds> {
  const { orders: database, cache, uploads, mail, events } = configuration;
  // A client that is not needed is not loaded either: it would be most of the time the app takes to start.
  const opened = {
    orders: database && (await openOrderStore(database.url)),
    cache: cache && (await import("./shop-cache.ts")).openShopCache(cache.url),
    uploads: uploads && (await import("./upload-store.ts")).openUploadStore(uploads),
    mail: mail && (await import("./mail-queue.ts")).openMailQueue(mail),
    events: events && (await (await import("./order-events.ts")).openOrderEvents(events)),
  };
  let isMigrated = false;
  const closing = new AbortController();
  const migration = opened.orders && migrate(opened.orders, closing.signal);
  void migration?.then((done) => (isMigrated = done));
  return {
    ...opened,
    isMigrated: () => isMigrated,
    close: async () => {
      closing.abort();
      await migration;
      opened.uploads?.close();
      opened.mail?.close();
      const last = [opened.orders, opened.cache, opened.events];
      await Promise.allSettled(last.map((client) => client?.close() ?? Promise.resolve()));
    },
  };
}

/** The database may come up after its app. False when told to stop before it did. */
async function migrate(orders: OrderStore, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await orders.migrate();
      return true;
    } catch (error) {
      if (signal.aborted) break;
      log.warn("the order store cannot be prepared yet", { error: messageOf(error) });
      const pauseMs = Math.min(RETRY_MAX_MS, 100 * 2 ** attempt);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}
