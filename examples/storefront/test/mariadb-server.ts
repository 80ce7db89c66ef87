// A MariaDB server of the tests' own, in a folder of its own, with the binaries of the system.

import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import mysql from "mysql2/promise";

import { freePort } from "./free-port.ts";
import { endProgram, findProgram, startProgram, unprivilegedUser } from "./server-process.ts";
import { until } from "./until.ts";

export interface MariadbServer {
  readonly url: string;
  remove(): Promise<void>;
}

const server = findProgram(["mariadbd"]);
const installer = findProgram(["mariadb-install-db"]);

export const MARIADB_MISSING =
  server === undefined || installer === undefined ? "mariadbd is not installed" : undefined;

export async function startMariadbServer(): Promise<MariadbServer> {
  if (server === undefined || installer === undefined) throw new Error(MARIADB_MISSING);
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), "storefront-mariadb-"));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const basic = ["--no-defaults", `--datadir=${data}`];
  const install = [...basic, "--auth-root-authentication-method=normal", "--skip-test-db"];
  const made = spawnSync(installer, install, { cwd: folder, ...user });
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr.toString()}`);
  const port = await freePort();
  const socket = `--socket=${join(folder, "socket")}`;
  const args = [...basic, `--port=${port}`, "--bind-address=127.0.0.1", socket];
  const child = startProgram(server, args, {
    cwd: folder,
    ...(user === undefined ? {} : { user }),
  });
  const root = `mysql://root@127.0.0.1:${port}`;
  await until("MariaDB answers", async () => {
    const connection = await mysql.createConnection(root);
    await connection.query("CREATE DATABASE orders");
    await connection.end();
    return true;
  });
  return {
    // A binding's URL carries parameters of PostgreSQL's kind; they mean nothing here.
    url: `${root}/orders?sslmode=disable`,
    remove: async () => {
      await endProgram(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
