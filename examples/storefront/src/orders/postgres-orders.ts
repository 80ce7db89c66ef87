// Orders in PostgreSQL.

import pg from "pg";

import { tracedQuery } from "../telemetry/traced.ts";
import { log } from "../telemetry/log.ts";
import { orderOf, type OrderRow } from "./order-row.ts";
import type { OrderStore } from "./order-store.ts";
import { migratePostgres } from "./postgres-migrations.ts";

const SYSTEM = "postgresql";
const CONNECTIONS_MAX = 10;
const TIMEOUT_MS = 5000;

export function openPostgresOrders(url: string): OrderStore {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    application_name: "storefront",
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on("error", (error) =>
    log.warn("lost an idle database connection", { error: error.message }),
  );
  const query = (operation: string, text: string, values: unknown[]): Promise<OrderRow[]> =>
    tracedQuery({ system: SYSTEM, operation, collection: "orders", text }, async () => {
      const { rows } = await pool.query<OrderRow>(text, values);
      return rows;
    });
  return {
    system: SYSTEM,
    migrate: () => migratePostgres(pool),
    place: async ({ id, product, quantity, customer, totalCents, payment, placedAt }) => {
      await query(
        "INSERT",
        `INSERT INTO orders (id, product, quantity, customer, total_cents, payment, placed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, product, quantity, customer, totalCents, payment ?? null, placedAt],
      );
    },
    find: async (id) => {
      const [row] = await query("SELECT", "SELECT * FROM orders WHERE id = $1", [id]);
      return row && orderOf(row);
    },
    list: async (limit) => {
      const text = "SELECT * FROM orders ORDER BY placed_at DESC, id LIMIT $1";
      return (await query("SELECT", text, [limit])).map(orderOf);
    },
    markMailed: async (id, at) => {
      const text = "UPDATE orders SET mailed_at = $2 WHERE id = $1 AND mailed_at IS NULL";
      await query("UPDATE", text, [id, at]);
    },
    ping: async () => void (await pool.query("SELECT 1")),
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  };
}
