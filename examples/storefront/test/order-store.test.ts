// One interface, three databases, one suite: each on a real server, where there is one.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";

import type { Order } from "../src/orders/order.ts";
import { openOrderStore, type OrderStore } from "../src/orders/order-store.ts";
import { MARIADB_MISSING, startMariadbServer } from "./mariadb-server.ts";
import { createPostgresServer, POSTGRES_MISSING } from "./postgres-server.ts";

interface StoreServer {
  readonly url: string;
  remove(): Promise<void>;
}

interface StoreCase {
  readonly name: string;
  readonly missing: string | undefined;
  readonly start: () => Promise<StoreServer>;
}

const mongodb = process.env["STOREFRONT_MONGODB_URL"];

const CASES: readonly StoreCase[] = [
  { name: "PostgreSQL", missing: POSTGRES_MISSING, start: createPostgresServer },
  { name: "MariaDB", missing: MARIADB_MISSING, start: startMariadbServer },
  {
    name: "MongoDB",
    missing: mongodb === undefined ? "no MongoDB: set STOREFRONT_MONGODB_URL" : undefined,
    start: async () => ({ url: mongodb ?? "", remove: async () => undefined }),
  },
];

/** Later ones are newer, whatever else the database holds. */
function order(index: number, more: Partial<Order> = {}): Order {
  return {
    id: randomUUID(),
    product: "rope",
    quantity: index,
    customer: "grüße@example.com",
    totalCents: 2450 * index,
    placedAt: new Date(Date.UTC(2200, 0, 1, 0, 0, index, 123)).toISOString(),
    ...more,
  };
}

for (const { name, missing, start } of CASES)
  describe(`orders in ${name}`, { skip: missing ?? false }, () => {
    let server: StoreServer;
    let stores: readonly OrderStore[] = [];
    const store = (): OrderStore => {
      const [first] = stores;
      assert.ok(first);
      return first;
    };
    before(async () => {
      server = await start();
      const opened: OrderStore[] = [];
      for (let count = 0; count < 3; count += 1) opened.push(await openOrderStore(server.url));
      stores = opened;
      // As three replicas do that start together; and again, as after a restart.
      await Promise.all(stores.map((one) => one.migrate()));
      await store().migrate();
    });
    after(async () => {
      await Promise.all(stores.map((one) => one.close()));
      await server.remove();
    });

    it("gives back what was placed, to the millisecond", async () => {
      const plain = order(1);
      const paid = order(2, { payment: "pay_1" });
      await store().place(plain);
      await store().place(paid);
      assert.deepEqual(await store().find(plain.id), plain);
      assert.deepEqual(await store().find(paid.id), paid);
      assert.equal(await store().find(randomUUID()), undefined);
    });

    it("lists the newest first", async () => {
      const placed = [order(11), order(13), order(12)];
      for (const one of placed) await store().place(one);
      const listed = await store().list(3);
      assert.deepEqual(
        listed.map(({ quantity }) => quantity),
        [13, 12, 11],
      );
    });

    it("keeps the first instant of a mail", async () => {
      const one = order(3);
      await store().place(one);
      const first = new Date(Date.UTC(2026, 0, 1, 0, 0, 0, 500));
      await store().markMailed(one.id, first);
      await store().markMailed(one.id, new Date(Date.UTC(2027, 0, 1)));
      assert.deepEqual(await store().find(one.id), { ...one, mailedAt: first.toISOString() });
    });

    it("refuses the same order twice", async () => {
      const one = order(4);
      await store().place(one);
      await assert.rejects(store().place(one));
      await store().ping();
    });
  });
