// An app that was given nothing: alive, honest, and not ready.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import {
  placeOrder,
  startStorefrontProcess,
  type StorefrontProcess,
} from "./storefront-process.ts";

describe("without any back end", () => {
  let shop: StorefrontProcess;
  before(async () => {
    shop = await startStorefrontProcess({});
  });
  after(() => shop.stop());

  it("is alive and says what is absent", async () => {
    assert.equal((await fetch(`${shop.url}/healthz`)).status, 200);
    const answer = await fetch(`${shop.url}/readyz`);
    assert.equal(answer.status, 503);
    const body = (await answer.json()) as { status: string; features: { state: string }[] };
    assert.equal(body.status, "not ready");
    assert.deepEqual(new Set(body.features.map(({ state }) => state)), new Set(["absent"]));
  });

  it("shows its page and refuses orders with the reason", async () => {
    const page = await fetch(shop.url, { headers: { accept: "text/html" } });
    assert.equal(page.status, 200);
    assert.match(await page.text(), /The order store is away/);
    const order = { product: "rope", quantity: 1, customer: "ada@example.com" };
    const answer = await placeOrder(shop, order);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /no database is bound/);
  });

  const refusals: readonly (readonly [
    name: string,
    path: string,
    init: RequestInit,
    status: number,
  ])[] = [
    ["an unknown path", "/nothing", {}, 404],
    ["a method that is not there", "/products", { method: "POST" }, 405],
    ["a body that is no JSON", "/orders", post("{", "application/json"), 400],
    ["a body of another type", "/orders", post("a", "text/plain"), 415],
    ["a body that is too large", "/orders", post("x".repeat(70_000), "application/json"), 413],
    ["an order that makes no sense", "/orders", post("{}", "application/json"), 422],
    ["an id that is none", "/orders/1", {}, 404],
    ["a picture without a bucket", "/uploads", { method: "POST" }, 503],
    [
      "a form of another site",
      "/orders",
      post("{}", "application/json", { "sec-fetch-site": "cross-site" }),
      403,
    ],
  ];
  for (const [name, path, init, status] of refusals)
    it(`answers ${name} with ${status}`, async () => {
      assert.equal((await fetch(`${shop.url}${path}`, init)).status, status);
    });
});

function post(body: string, type: string, headers: Record<string, string> = {}): RequestInit {
  return { method: "POST", body, headers: { "content-type": type, ...headers } };
}
