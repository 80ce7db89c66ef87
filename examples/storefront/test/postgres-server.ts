// A PostgreSQL server of the tests' own, in a folder of its own, with the binaries of the system.

import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import pg from "pg";

import { freePort } from "./free-port.ts";
import { endProgram, findProgram, startProgram, unprivilegedUser } from "./server-process.ts";
import { until } from "./until.ts";

export interface PostgresServer {
  readonly url: string;
  start(): Promise<void>;
  /** Keeps the data. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

const initdb = findProgram(["initdb"]);

/** Why there is no server; undefined when there can be one. */
export const POSTGRES_MISSING =
  initdb === undefined ? "no PostgreSQL server is installed (initdb was not found)" : undefined;

export async function createPostgresServer(): Promise<PostgresServer> {
  if (initdb === undefined) throw new Error(POSTGRES_MISSING);
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), "storefront-postgres-"));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const options = { cwd: folder, ...user };
  const made = spawnSync(
    initdb,
    ["-D", data, "-U", "orders", "-A", "trust", "-E", "UTF8"],
    options,
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr.toString()}`);
  const port = await freePort();
  const url = `postgresql://orders:secret@127.0.0.1:${port}/postgres?sslmode=disable`;
  const args = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, "-F"];
  let child: ReturnType<typeof startProgram> | undefined;
  const server = {
    url,
    start: async () => {
      const program = join(dirname(initdb), "postgres");
      child = startProgram(program, args, { cwd: folder, ...(user === undefined ? {} : { user }) });
      await until("PostgreSQL answers", () => answers(url));
    },
    stop: async () => {
      // SIGINT: end connections, then end.
      if (child !== undefined) await endProgram(child, "SIGINT");
    },
    remove: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  // A server that is starting cuts the connection; the attempt below says so.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } finally {
    await client.end();
  }
}
