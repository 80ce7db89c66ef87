// The app as a process, started as in development.

import { fileURLToPath } from "node:url";

import { freePort } from "./free-port.ts";
import { endProgram, startProgram } from "./server-process.ts";
import { until } from "./until.ts";

export interface StorefrontProcess {
  readonly url: string;
  /** Parsed lines of its log so far. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const JITI = fileURLToPath(new URL("../node_modules/jiti/lib/jiti-cli.mjs", import.meta.url));

export async function startStorefrontProcess(
  variables: Readonly<Record<string, string>>,
): Promise<StorefrontProcess> {
  const port = await freePort();
  const child = startProgram(process.execPath, [JITI, "src/main.ts"], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      HOST: "127.0.0.1",
      PORT: String(port),
      DRAIN_MS: "200",
      ...variables,
    },
  });
  const log: Record<string, unknown>[] = [];
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString()}`.split("\n");
    rest = lines.pop() ?? "";
    log.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
  });
  child.stderr?.resume();
  const url = `http://127.0.0.1:${port}`;
  await until("the storefront is alive", async () => (await fetch(`${url}/livez`)).ok);
  return { url, log, stop: () => endProgram(child) };
}

export async function untilReady({ url }: StorefrontProcess): Promise<void> {
  await until("the storefront is ready", async () => (await fetch(`${url}/readyz`)).ok);
}

export function placeOrder(
  { url }: StorefrontProcess,
  order: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(order),
  });
}

/** Of a sample of `/metrics`: the sum over all series of this name whose labels contain the text. */
export async function readMetric(
  { url }: StorefrontProcess,
  name: string,
  labels = "",
): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
