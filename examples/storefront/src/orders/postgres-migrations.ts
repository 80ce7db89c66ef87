// The schema in PostgreSQL, step by step. Replicas start at the same time: an advisory lock lets one of them migrate while
// the others wait, and each step and its record are one transaction. Steps are only ever added; an old version of the app
// must keep working on the newer schema, since both run during a rolling update.

import type pg from "pg";

import { log } from "../telemetry/log.ts";

const STEPS: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: "001-orders",
    text: `CREATE TABLE orders (
      id uuid PRIMARY KEY,
      product text NOT NULL,
      quantity integer NOT NULL CHECK (quantity > 0),
      customer text NOT NULL,
      total_cents integer NOT NULL,
      placed_at timestamptz NOT NULL
    );
    CREATE INDEX orders_placed_at ON orders (placed_at DESC)`,
  },
  { name: "002-mailed", text: "ALTER TABLE orders ADD COLUMN mailed_at timestamptz" },
  { name: "003-payment", text: "ALTER TABLE orders ADD COLUMN payment text" },
];

/** Any number that nobody else of this database uses. */
const LOCK = 7_301_466;

export async function migratePostgres(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    // Waiting for another replica's migration may take longer than a query usually may.
    await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
    try {
      await applySteps(client);
    } finally {
      await client.query("SELECT pg_advisory_unlock($1)", [LOCK]);
    }
    client.release();
  } catch (error) {
    // The lock belongs to the connection: closing it lets go of both.
    client.release(true);
    throw error;
  }
}

async function applySteps(client: pg.PoolClient): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_steps (
    name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
  const { rows } = await client.query<{ name: string }>("SELECT name FROM schema_steps");
  const applied = new Set(rows.map(({ name }) => name));
  for (const { name, text } of STEPS) {
    if (applied.has(name)) continue;
    await client.query("BEGIN");
    try {
      await client.query(text);
      await client.query("INSERT INTO schema_steps (name) VALUES ($1)", [name]);
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
    log.info("schema step applied", { step: name });
  }
}
