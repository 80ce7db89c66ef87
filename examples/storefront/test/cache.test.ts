// The cache on a real Redis or Valkey: hits, sessions that survive a restart, the leader board; and the shop without it.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { createPostgresServer, POSTGRES_MISSING, type PostgresServer } from "./postgres-server.ts";
import { REDIS_MISSING, startRedisServer, type RedisServer } from "./redis-server.ts";
import {
  placeOrder,
  readMetric,
  startStorefrontProcess,
  untilReady,
  type StorefrontProcess,
} from "./storefront-process.ts";
import { until } from "./until.ts";

describe("the cache", { skip: POSTGRES_MISSING ?? REDIS_MISSING ?? false }, () => {
  let database: PostgresServer;
  let redis: RedisServer;
  let shop: StorefrontProcess;
  const start = async (): Promise<void> => {
    shop = await startStorefrontProcess({ DATABASE_URL: database.url, CACHE_URL: redis.url });
    await untilReady(shop);
    await until("the cache is connected", async () => (await fetch(`${shop.url}/leaders`)).ok);
  };
  before(async () => {
    [database, redis] = await Promise.all([createPostgresServer(), startRedisServer()]);
    await start();
  });
  after(async () => {
    await shop.stop();
    await Promise.all([database.remove(), redis.stop()]);
  });

  it("answers the second reading of an order", async () => {
    const order = { product: "anchor", quantity: 1, customer: "ada@example.com" };
    const path = (await placeOrder(shop, order)).headers.get("location") ?? "";
    const read = async (): Promise<string | null> =>
      (await fetch(`${shop.url}${path}`)).headers.get("x-cache");
    assert.deepEqual([await read(), await read()], ["miss", "hit"]);
    assert.equal(await readMetric(shop, "storefront_cache_requests_total", 'result="hit"'), 1);
  });

  it("remembers a visitor across a restart of the app", async () => {
    const body = new URLSearchParams({
      product: "rope",
      quantity: "1",
      customer: "eve@example.com",
    });
    const headers = { accept: "text/html" };
    const placed = await fetch(`${shop.url}/orders`, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
    });
    const cookie = (placed.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    await shop.stop();
    await start();
    const page = await (await fetch(shop.url, { headers: { ...headers, cookie } })).text();
    assert.match(page, /value="eve@example.com"/);
    await until("the visitor is counted", async () => {
      return (await readMetric(shop, "storefront_active_users")) === 1;
    });
  });

  it("ranks what sells", async () => {
    await placeOrder(shop, { product: "compass", quantity: 9, customer: "ada@example.com" });
    const { leaders } = (await (await fetch(`${shop.url}/leaders`)).json()) as {
      leaders: object[];
    };
    assert.deepEqual(leaders[0], { product: "compass", sold: 9 });
  });

  it("goes on without its cache", async () => {
    await redis.stop();
    const state = await until("the outage shows", async () => {
      const answer = await fetch(`${shop.url}/readyz`);
      const body = (await answer.json()) as { status: string };
      return body.status === "degraded" && answer.status;
    });
    assert.equal(state, 200);
    const order = { product: "anchor", quantity: 1, customer: "ada@example.com" };
    const placed = await placeOrder(shop, order);
    assert.equal(placed.status, 201);
    const path = placed.headers.get("location") ?? "";
    assert.equal((await fetch(`${shop.url}${path}`)).status, 200);
  });
});
