// Where orders live. One small interface over three databases; the URL's scheme says which, and its driver is loaded then.

import type { Order } from "./order.ts";

export interface OrderStore {
  /** `postgresql`, `mysql` or `mongodb`, as OpenTelemetry names them. */
  readonly system: string;
  /** Brings the schema up to date; safe to call from many replicas at once. */
  migrate(): Promise<void>;
  place(order: Order): Promise<void>;
  find(id: string): Promise<Order | undefined>;
  /** Newest first. */
  list(limit: number): Promise<readonly Order[]>;
  /** Keeps the first instant: a mail delivered twice is still one mail. */
  markMailed(id: string, at: Date): Promise<void>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Undefined for drivers that do not tell. */
  connections?(): { readonly used: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

export async function openOrderStore(url: string): Promise<OrderStore> {
  const scheme = url.slice(0, Math.max(0, url.indexOf(":")));
  switch (scheme) {
    case "postgresql":
    case "postgres":
      return (await import("./postgres-orders.ts")).openPostgresOrders(url);
    case "mysql":
    case "mariadb":
      return (await import("./mysql-orders.ts")).openMysqlOrders(url);
    case "mongodb":
    case "mongodb+srv":
      return (await import("./mongo-orders.ts")).openMongoOrders(url);
    default:
      throw new Error(
        `the database URL starts with "${scheme}:"; expected postgresql, mysql or mongodb`,
      );
  }
}
