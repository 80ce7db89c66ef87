// Orders on a real PostgreSQL: kept across restarts and outages, migrated by many replicas at once, counted and traced.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { createPostgresServer, POSTGRES_MISSING, type PostgresServer } from "./postgres-server.ts";
import {
  placeOrder,
  readMetric,
  startStorefrontProcess,
  untilReady,
  type StorefrontProcess,
} from "./storefront-process.ts";
import { until } from "./until.ts";

const ADA = { product: "lantern", quantity: 2, customer: "ada@example.com" };

interface OrderBody {
  readonly id: string;
  readonly totalCents: number;
  readonly payment?: string;
}

describe("orders in PostgreSQL", { skip: POSTGRES_MISSING ?? false }, () => {
  let server: PostgresServer;
  let replicas: readonly StorefrontProcess[] = [];
  const start = async (): Promise<void> => {
    const variables = { ORDERS_DATABASE_URL: server.url, API_KEY: "k" };
    replicas = await Promise.all([1, 2, 3].map(() => startStorefrontProcess(variables)));
    await Promise.all(replicas.map(untilReady));
  };
  const replica = (index: number): StorefrontProcess => {
    const found = replicas[index];
    assert.ok(found);
    return found;
  };
  before(async () => {
    server = await createPostgresServer();
    await start();
  });
  after(async () => {
    await Promise.all(replicas.map((shop) => shop.stop()));
    await server.remove();
  });

  it("migrates once though three replicas start together", () => {
    const steps = replicas.flatMap(({ log }) => log.filter(({ step }) => step !== undefined));
    assert.equal(steps.length, new Set(steps.map(({ step }) => step)).size);
    assert.ok(steps.length > 0);
  });

  it("places an order that another replica shows, also after a restart", async () => {
    const answer = await placeOrder(replica(0), ADA);
    assert.equal(answer.status, 201);
    const order = (await answer.json()) as OrderBody;
    assert.equal(order.totalCents, 9800);
    assert.match(order.payment ?? "", /^pay_/);
    const path = answer.headers.get("location") ?? "";
    assert.deepEqual(await (await fetch(`${replica(1).url}${path}`)).json(), order);
    const codes = await Promise.all(replicas.map((shop) => shop.stop()));
    assert.deepEqual(codes, [0, 0, 0]);
    await start();
    assert.deepEqual(await (await fetch(`${replica(2).url}${path}`)).json(), order);
  });

  it("takes a browser's form and shows the order in the list", async () => {
    const { url } = replica(0);
    const headers = { accept: "text/html" };
    const body = new URLSearchParams({
      product: "rope",
      quantity: "3",
      customer: "<b>@example.com",
    });
    const refused = await fetch(`${url}/orders`, { method: "POST", headers, body });
    assert.equal(refused.status, 422);
    const page = await refused.text();
    assert.match(page, /aria-invalid="true" aria-describedby="customer-error"/);
    assert.match(page, /value="&lt;b&gt;@example.com"/);
    body.set("customer", "grace@example.com");
    const placed = await fetch(`${url}/orders`, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
    });
    assert.equal(placed.status, 303);
    const shown = await (
      await fetch(`${url}${placed.headers.get("location")}`, { headers })
    ).text();
    assert.match(shown, /Your order is placed/);
    assert.match(shown, /grace@example.com/);
  });

  it("counts each order once and sorts durations into buckets", async () => {
    const shop = replica(1);
    const before = await readMetric(shop, "storefront_orders_placed_total");
    await placeOrder(shop, ADA);
    await placeOrder(shop, ADA);
    assert.equal(await readMetric(shop, "storefront_orders_placed_total"), before + 2);
    assert.equal(await readMetric(shop, "storefront_revenue_total"), (before + 2) * 98);
    const route = 'http_route="/orders"';
    const bucket = "http_server_request_duration_seconds_bucket";
    assert.ok((await readMetric(shop, bucket, route)) > 0);
    const count = await readMetric(shop, "http_server_request_duration_seconds_count", route);
    assert.equal(await readMetric(shop, bucket, `${route},le="+Inf"`), count);
    assert.ok((await readMetric(shop, "http_server_open_connections")) > 0);
    assert.equal(await readMetric(shop, "http_server_active_requests"), 0);
  });

  it("writes the ids of the trace into its log", async () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    await placeOrder(replica(0), ADA, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    await until("both lines are there", () => {
      const lines = replica(0).log.filter(({ trace_id: id }) => id === traceId);
      return lines.map(({ message }) => message).join() === "order placed,request";
    });
  });

  it("is not ready while the database is away, and comes back by itself", async () => {
    await server.stop();
    const { url } = replica(0);
    const away = await until("the outage shows", async () => {
      const answer = await fetch(`${url}/readyz`);
      return answer.status === 503 && answer.text();
    });
    assert.match(away, /"state": "failing"/);
    assert.equal((await fetch(`${url}/orders`)).status, 503);
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    await server.start();
    await untilReady(replica(0));
    assert.equal((await fetch(`${url}/orders`)).status, 200);
  });

  it("finishes what it was asked before it ends", async () => {
    // Long enough for all to arrive on a busy machine.
    const variables = { ORDERS_DATABASE_URL: server.url, DRAIN_MS: "3000" };
    const shop = await startStorefrontProcess(variables);
    await untilReady(shop);
    const asked = Array.from({ length: 20 }, () => placeOrder(shop, ADA));
    const ended = shop.stop();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    assert.deepEqual(new Set(statuses), new Set([201]));
    assert.equal(await ended, 0);
  });
});
