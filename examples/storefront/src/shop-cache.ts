// What the shop keeps in Redis-compatible storage: orders read lately, sessions, the leader board, who is active. All of it
// can be lost: every method answers "don't know" when the storage is away, and the page goes on without.

import { createClient } from "@redis/client";

import type { Order } from "./orders/order.ts";
import { log, messageOf } from "./telemetry/log.ts";
import { cacheRequests } from "./telemetry/metrics.ts";
import { tracedQuery } from "./telemetry/traced.ts";

export interface Session {
  readonly customer?: string;
}

export interface Rank {
  readonly product: string;
  /** Pieces sold. */
  readonly sold: number;
}

export interface ShopCache {
  recall(id: string): Promise<Order | undefined>;
  remember(order: Order): Promise<void>;
  forget(id: string): Promise<void>;
  session(id: string): Promise<Session>;
  saveSession(id: string, session: Session): Promise<void>;
  addSale(product: string, quantity: number): Promise<void>;
  /** Most sold first; undefined when nobody knows. */
  leaders(count: number): Promise<readonly Rank[] | undefined>;
  touch(session: string): Promise<void>;
  /** Sessions of the last five minutes. */
  active(): Promise<number | undefined>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const ORDER_SECONDS = 60;
const SESSION_SECONDS = 30 * 24 * 3600;
const ACTIVE_MS = 5 * 60 * 1000;
const RETRY_MAX_MS = 5000;

type Client = ReturnType<typeof createShopClient>;

export function openShopCache(url: string): ShopCache {
  const client = createShopClient(url);
  watchConnection(client);
  const tell = async (operation: string, work: () => Promise<unknown>): Promise<void> => {
    await ask(operation, work);
  };
  return {
    recall: (id) => recall(client, id),
    remember: (order) =>
      tell("SET", () =>
        client.set(orderKey(order.id), JSON.stringify(order), {
          expiration: { type: "EX", value: ORDER_SECONDS },
        }),
      ),
    forget: (id) => tell("DEL", () => client.del(orderKey(id))),
    session: async (id) => {
      const fields = await ask("HGETALL", () => client.hGetAll(sessionKey(id)));
      const customer = fields?.["customer"];
      return customer === undefined ? {} : { customer };
    },
    saveSession: (id, { customer }) =>
      tell("HSET", async () => {
        if (customer === undefined) return;
        await client.hSet(sessionKey(id), { customer });
        await client.expire(sessionKey(id), SESSION_SECONDS);
      }),
    addSale: (product, quantity) =>
      tell("ZINCRBY", () => client.zIncrBy("leaders", quantity, product)),
    leaders: async (count) => {
      const work = () => client.zRangeWithScores("leaders", 0, count - 1, { REV: true });
      const members = await ask("ZRANGE", work);
      return members?.map(({ value, score }) => ({ product: value, sold: score }));
    },
    touch: (session) =>
      tell("ZADD", () => client.zAdd("active", { score: Date.now(), value: session })),
    active: () => countActive(client),
    ping: async () => void (await client.ping()),
    close: async () => client.destroy(),
  };
}

function createShopClient(url: string) {
  return createClient({
    url,
    // A request does not wait for a server that is away.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2000,
      reconnectStrategy: (retries) => Math.min(RETRY_MAX_MS, 50 * 2 ** Math.min(retries, 10)),
    },
  });
}

const orderKey = (id: string): string => `order:${id}`;
const sessionKey = (id: string): string => `session:${id}`;

/** The client reconnects by itself and reports every attempt; one line per outage is enough. */
function watchConnection(client: Client): void {
  let isAway = false;
  client.on("error", (error: unknown) => {
    if (!isAway) log.warn("the cache is away", { error: messageOf(error) });
    isAway = true;
  });
  client.on("ready", () => {
    if (isAway) log.info("the cache is back");
    isAway = false;
  });
  client.connect().catch(() => undefined);
}

async function recall(client: Client, id: string): Promise<Order | undefined> {
  try {
    const query = { system: "redis", operation: "GET" };
    const text = await tracedQuery(query, () => client.get(orderKey(id)));
    cacheRequests.add(1, { result: text === null ? "miss" : "hit" });
    // The text is ours: `remember` wrote it.
    return text === null ? undefined : (JSON.parse(text) as Order);
  } catch {
    cacheRequests.add(1, { result: "error" });
    return undefined;
  }
}

/** Outside any trace: it is asked when metrics are read. */
async function countActive(client: Client): Promise<number | undefined> {
  const since = Date.now() - ACTIVE_MS;
  try {
    await client.zRemRangeByScore("active", "-inf", since);
    return await client.zCard("active");
  } catch {
    return undefined;
  }
}

async function ask<Result>(
  operation: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await tracedQuery({ system: "redis", operation }, work);
  } catch {
    // The span and the metric have it; the reader of the page is better served without.
    return undefined;
  }
}
