// A Redis or Valkey server of the tests' own, without a disk.

import { createClient } from "@redis/client";

import { freePort } from "./free-port.ts";
import { endProgram, findProgram, startProgram } from "./server-process.ts";
import { until } from "./until.ts";

export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

const program = findProgram(["valkey-server", "redis-server"]);

export const REDIS_MISSING =
  program === undefined ? "neither valkey-server nor redis-server is installed" : undefined;

export async function startRedisServer(): Promise<RedisServer> {
  if (program === undefined) throw new Error(REDIS_MISSING);
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = startProgram(program, args);
  const url = `redis://127.0.0.1:${port}`;
  await until("the cache answers", async () => {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on("error", () => undefined);
    await client.connect();
    await client.quit();
    return true;
  });
  return { url, stop: async () => void (await endProgram(child)) };
}
