// Queue and bucket on a real server of SQS and S3: mail after an order, dead letters, pictures, and one trace through it all.

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";

import { AWS_MISSING, startAwsServer, type AwsServer } from "./aws-server.ts";
import { createPostgresServer, POSTGRES_MISSING, type PostgresServer } from "./postgres-server.ts";
import {
  placeOrder,
  readMetric,
  startStorefrontProcess,
  untilReady,
  type StorefrontProcess,
} from "./storefront-process.ts";
import { until } from "./until.ts";

interface Span {
  readonly traceId: string;
  readonly name: string;
}

interface Pushed {
  readonly spans: Span[];
  /** Latest value of the counter of orders, as pushed. */
  orders: number;
}

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("mail and pictures", { skip: POSTGRES_MISSING ?? AWS_MISSING ?? false }, () => {
  let database: PostgresServer;
  let aws: AwsServer;
  let collector: Server;
  let shop: StorefrontProcess;
  const pushed: Pushed = { spans: [], orders: 0 };
  before(async () => {
    [database, aws, collector] = await Promise.all([
      createPostgresServer(),
      startAwsServer(),
      startCollector(pushed),
    ]);
    // A listening TCP server has an AddressInfo; only pipes have a string.
    const { port } = collector.address() as AddressInfo;
    shop = await startStorefrontProcess({
      ...aws.variables,
      ORDERS_DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_METRIC_EXPORT_INTERVAL: "500",
    });
    await untilReady(shop);
  });
  after(async () => {
    await shop.stop();
    await Promise.all([database.remove(), aws.stop()]);
    collector.closeAllConnections();
    collector.close();
  });

  it("sends a confirmation, and the whole way is one trace", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const order = { product: "compass", quantity: 1, customer: "ada@example.com" };
    const placed = await placeOrder(shop, order, {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    });
    const { id } = (await placed.json()) as { id: string };
    await until("the mail is sent", async () => {
      const { mailedAt } = (await (await fetch(`${shop.url}/orders/${id}`)).json()) as {
        mailedAt?: string;
      };
      return mailedAt !== undefined;
    });
    const names = ["POST /orders", "INSERT orders", "send mail", "process mail", "UPDATE orders"];
    await until("the trace is whole", () => {
      const seen = pushed.spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
      return names.every((name) => seen.includes(name));
    });
  });

  it("moves mail that bounces to the dead letters", async () => {
    const order = { product: "rope", quantity: 1, customer: "nobody@example.invalid" };
    await placeOrder(shop, order);
    await until("the dead letter shows", async () => {
      const answer = await fetch(`${shop.url}/mail`);
      return ((await answer.json()) as { deadLetters?: number }).deadLetters === 1;
    });
    const page = await (await fetch(shop.url)).text();
    assert.match(page, /0 waiting, 1 could not be delivered/);
  });

  it("keeps a picture and shows it as it was", async () => {
    const form = new FormData();
    form.set("picture", new Blob([new Uint8Array(PIXEL)], { type: "text/html" }), "pixel.png");
    const stored = await fetch(`${shop.url}/uploads`, { method: "POST", body: form });
    assert.equal(stored.status, 201);
    const picture = await fetch(`${shop.url}${stored.headers.get("location")}`);
    assert.equal(picture.headers.get("content-type"), "image/png");
    assert.deepEqual(Buffer.from(await picture.arrayBuffer()), PIXEL);
    await until("S3 is in the trace", () =>
      pushed.spans.some(({ name }) => name === "S3.PutObject"),
    );
  });

  it("refuses what is no picture", async () => {
    const form = new FormData();
    form.set("picture", new Blob(["<script>"], { type: "image/png" }), "pixel.png");
    const refused = await fetch(`${shop.url}/uploads`, { method: "POST", body: form });
    assert.equal(refused.status, 415);
    const missing = await fetch(`${shop.url}/uploads/00000000-0000-0000-0000-000000000000`);
    assert.equal(missing.status, 404);
  });

  it("pushes the same counts that it serves", async () => {
    const served = await readMetric(shop, "storefront_orders_placed_total");
    assert.ok(served > 0);
    await until("both paths agree", () => pushed.orders === served);
  });
});

interface Exported {
  readonly resourceSpans?: { scopeSpans: { spans: Span[] }[] }[];
  readonly resourceMetrics?: { scopeMetrics: { metrics: ExportedMetric[] }[] }[];
}

interface ExportedMetric {
  readonly name: string;
  readonly sum?: { dataPoints: { asInt?: string | number; asDouble?: number }[] };
}

/** The smallest OTLP receiver. */
function startCollector(pushed: Pushed): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      take(JSON.parse(Buffer.concat(chunks).toString()) as Exported, pushed);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function take({ resourceSpans = [], resourceMetrics = [] }: Exported, pushed: Pushed): void {
  for (const { scopeSpans } of resourceSpans)
    for (const { spans } of scopeSpans) pushed.spans.push(...spans);
  const found = resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .find(({ name }) => name === "storefront.orders.placed");
  if (found?.sum === undefined) return;
  const values = found.sum.dataPoints.map((point) => Number(point.asInt ?? point.asDouble));
  pushed.orders = values.reduce((sum, value) => sum + value, 0);
}
