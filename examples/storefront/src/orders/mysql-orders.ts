// Orders in MySQL or MariaDB, for shops that already have one.

import mysql from "mysql2/promise";

import { tracedQuery } from "../telemetry/traced.ts";
import { orderOf, type OrderRow } from "./order-row.ts";
import type { OrderStore } from "./order-store.ts";

const SYSTEM = "mysql";
const CONNECTIONS_MAX = 10;
const TIMEOUT_MS = 5000;

type Row = OrderRow & mysql.RowDataPacket;

/** One idempotent statement: MySQL commits every schema change by itself, so there is nothing to wrap. */
const SCHEMA = `CREATE TABLE IF NOT EXISTS orders (
  id char(36) PRIMARY KEY,
  product varchar(64) NOT NULL,
  quantity int NOT NULL,
  customer varchar(254) NOT NULL,
  total_cents int NOT NULL,
  payment varchar(64),
  placed_at datetime(3) NOT NULL,
  mailed_at datetime(3),
  INDEX orders_placed_at (placed_at)
)`;

export function openMysqlOrders(url: string): OrderStore {
  const address = new URL(url);
  address.search = "";
  const pool = mysql.createPool({
    uri: address.href,
    connectionLimit: CONNECTIONS_MAX,
    connectTimeout: TIMEOUT_MS,
    timezone: "Z",
  });
  type Value = string | number | Date | null;
  const read = (text: string, values: Value[]): Promise<Row[]> =>
    tracedQuery({ system: SYSTEM, operation: "SELECT", collection: "orders", text }, async () => {
      const [rows] = await pool.query<Row[]>(text, values);
      return rows;
    });
  const write = (operation: string, text: string, values: Value[]): Promise<void> =>
    tracedQuery({ system: SYSTEM, operation, collection: "orders", text }, async () => {
      await pool.execute(text, values);
    });
  return {
    system: SYSTEM,
    migrate: async () => void (await pool.query(SCHEMA)),
    place: ({ id, product, quantity, customer, totalCents, payment, placedAt }) =>
      write(
        "INSERT",
        `INSERT INTO orders (id, product, quantity, customer, total_cents, payment, placed_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [id, product, quantity, customer, totalCents, payment ?? null, new Date(placedAt)],
      ),
    find: async (id) => {
      const [row] = await read("SELECT * FROM orders WHERE id = ?", [id]);
      return row && orderOf(row);
    },
    list: async (limit) => {
      const text = "SELECT * FROM orders ORDER BY placed_at DESC, id LIMIT ?";
      return (await read(text, [limit])).map(orderOf);
    },
    markMailed: (id, at) =>
      write("UPDATE", "UPDATE orders SET mailed_at = ? WHERE id = ? AND mailed_at IS NULL", [
        at,
        id,
      ]),
    ping: async () => void (await pool.query("SELECT 1")),
    close: () => pool.end(),
  };
}
