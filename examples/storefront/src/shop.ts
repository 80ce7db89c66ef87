// What the shop does, whoever asks: places orders, shows them, knows who is active.

import { createHmac } from "node:crypto";

import type { BackEnds } from "./back-ends.ts";
import { createOrder, type Order, type OrderRequest } from "./orders/order.ts";
import type { OrderStore } from "./orders/order-store.ts";
import { readSecret, type SecretSource } from "./secret-value.ts";
import { log, messageOf } from "./telemetry/log.ts";
import { featureUses, ordersPlaced, revenue } from "./telemetry/metrics.ts";

export type CacheOutcome = "hit" | "miss" | "none";

export interface Shop {
  /** The mail is only asked for; it may come later or end with the dead letters. */
  place(request: OrderRequest): Promise<Order>;
  find(id: string): Promise<{ readonly order: Order | undefined; readonly cache: CacheOutcome }>;
  list(limit: number): Promise<readonly Order[]>;
}

/** The platform gave the app no database. */
export class OrdersAbsentError extends Error {
  override readonly name = "OrdersAbsentError";
}

export function createShop(backEnds: BackEnds, secrets: SecretSource): Shop {
  const orderStore = (): OrderStore => {
    if (backEnds.orders !== undefined) return backEnds.orders;
    throw new OrdersAbsentError("no database is bound: orders cannot be kept");
  };
  return {
    place: async (request) => {
      const store = orderStore();
      const draft = createOrder(request, undefined, new Date());
      const payment = await authorise(secrets, draft);
      const order = payment === undefined ? draft : { ...draft, payment };
      await store.place(order);
      count(order);
      await announce(backEnds, order);
      return order;
    },
    find: async (id) => {
      const known = await backEnds.cache?.recall(id);
      if (known !== undefined) return { order: known, cache: "hit" };
      const order = await orderStore().find(id);
      if (order !== undefined) await backEnds.cache?.remember(order);
      return { order, cache: backEnds.cache === undefined ? "none" : "miss" };
    },
    list: async (limit) => await orderStore().list(limit),
  };
}

/** Stands for a payment provider that wants a key: a reference made with it. Without the key, orders go on invoice. */
async function authorise(secrets: SecretSource, { id }: Order): Promise<string | undefined> {
  const key = await readSecret(secrets, "payments", "API_KEY");
  return key && `pay_${createHmac("sha256", key).update(id).digest("hex").slice(0, 16)}`;
}

function count({ product, totalCents, id }: Order): void {
  ordersPlaced.add(1, { product });
  revenue.add(totalCents / 100, { product });
  featureUses.add(1, { feature: "order" });
  log.info("order placed", { order: id, product, total_cents: totalCents });
}

/** The order stands, whatever becomes of its announcements. */
async function announce({ mail, cache, events }: BackEnds, order: Order): Promise<void> {
  const job = { order: order.id, customer: order.customer };
  // A broker that is away takes seconds to say so; nobody waits for it.
  void events?.publish(order);
  await Promise.all([
    mail?.send(job).catch((error: unknown) => {
      log.error("mail job lost", { order: order.id, error: messageOf(error) });
    }),
    cache?.addSale(order.product, order.quantity),
  ]);
}
