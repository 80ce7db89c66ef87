// Orders in MongoDB: one document each.

import { MongoClient } from "mongodb";

import { tracedQuery } from "../telemetry/traced.ts";
import type { Order } from "./order.ts";
import type { OrderStore } from "./order-store.ts";

const SYSTEM = "mongodb";
const TIMEOUT_MS = 5000;

type OrderDocument = Omit<Order, "id"> & { readonly _id: string };

export function openMongoOrders(url: string): OrderStore {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: TIMEOUT_MS });
  // The database of the URL's path.
  const orders = client.db().collection<OrderDocument>("orders");
  const traced = <Result>(operation: string, work: () => Promise<Result>): Promise<Result> =>
    tracedQuery({ system: SYSTEM, operation, collection: "orders" }, work);
  return {
    system: SYSTEM,
    migrate: async () => void (await orders.createIndex({ placedAt: -1 })),
    place: async ({ id, ...order }) =>
      void (await traced("insert", () => orders.insertOne({ _id: id, ...order }))),
    find: async (id) => {
      const document = await traced("find", () => orders.findOne({ _id: id }));
      return document === null ? undefined : orderOf(document);
    },
    list: async (limit) => {
      const newest = orders.find().sort({ placedAt: -1, _id: 1 }).limit(limit);
      return (await traced("find", () => newest.toArray())).map(orderOf);
    },
    markMailed: async (id, at) => {
      const unmailed = { _id: id, mailedAt: { $exists: false } };
      const change = { $set: { mailedAt: at.toISOString() } };
      await traced("update", () => orders.updateOne(unmailed, change));
    },
    ping: async () => void (await client.db().command({ ping: 1 })),
    close: () => client.close(),
  };
}

function orderOf({ _id: id, ...order }: OrderDocument): Order {
  return { id, ...order };
}
