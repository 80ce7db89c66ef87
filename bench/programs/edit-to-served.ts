// From a change of a source file to the first answer that shows it, through the ingress of a running `keelson up`: a small
// server, and the storefront as it is. Usage: node edit-to-served.mjs COMMAND EXAMPLE

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [, , command = "", example = ""] = process.argv;
const EDITS = 5;
/** Looks this often, so that the figure is not about looking. */
const LOOK_MS = 5;
/** Nobody saves again while the last save is still starting. */
const BETWEEN_MS = 1_000;
const DOMAIN = "dev.127.0.0.1.nip.io";
const STOREFRONT = ["--max-old-space-size=96", "node_modules/jiti/lib/jiti-cli.mjs", "src/main.ts"];
const ALONE_PORT = 20_000 + (process.pid % 10_000);

const SMALL = `
import { createServer } from "node:http";
const title = "first";
createServer((_, response) => response.end(title)).listen(8080);
process.on("SIGTERM", () => process.exit(0));
`;
const SMALL_APP = `
    small: {
      image: "example/small:1",
      route: { host: "small", port: 8080 },
      dev: { command: ["node", "server.mjs"], directory: "small" },
    },`;

interface Place {
  readonly port: number;
  readonly host: string;
  readonly path: string;
}

const folder = mkdtempSync(join(tmpdir(), "keelson-edit-"));
const children: ChildProcess[] = [];
try {
  await measure();
} finally {
  await Promise.all(children.map(end));
  removeData();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  prepare();
  const port = await up();
  const small = { port, host: `small.${DOMAIN}`, path: "/" };
  const source = join(folder, "small", "server.mjs");
  figure("smallMs", await edits(small, source, /(?<=title = )"[^"]*"/));
  const shop = { port, host: `storefront.${DOMAIN}`, path: "/products" };
  const products = join(folder, "app", "src", "orders", "products.ts");
  figure("storefrontMs", await edits(shop, products, /(?<=title: )"[^"]*"/));
  figure("aloneMs", await startAlone());
}

/** The blueprint as it is, and a small server beside its app. */
function prepare(): void {
  execFileSync(process.execPath, [command, "init", ".", "--from", "local-first"], {
    cwd: folder,
    stdio: "ignore",
  });
  for (const name of ["app", "small"]) mkdirSync(join(folder, name));
  cpSync(join(example, "src"), join(folder, "app", "src"), { recursive: true });
  cpSync(join(example, "package.json"), join(folder, "app", "package.json"));
  symlinkSync(join(example, "node_modules"), join(folder, "app", "node_modules"));
  writeFileSync(join(folder, "small", "server.mjs"), SMALL);
  const file = join(folder, "platform.ts");
  const definition = readFileSync(file, "utf8")
    .replace("../../examples/storefront", "app")
    .replace("  apps: {", `  apps: {${SMALL_APP}`);
  writeFileSync(file, definition);
}

/** Resolves with the ingress's port when everything is healthy. */
function up(): Promise<number> {
  const ports = ["--port", "0", "--http-port", "0", "--https-port", "0"];
  const args = [command, "up", "-o", "json", "--timeout", "200", ...ports];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`keelson up ended with ${code}`)));
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
      if (!text.includes("\n}\n")) return;
      const { outcome, ingress } = JSON.parse(text);
      if (outcome === "healthy") resolve(ingress.http);
      else reject(new Error(text));
    });
  });
}

/** Median of a few, in milliseconds. */
async function edits(place: Place, file: string, title: RegExp): Promise<number> {
  const times: number[] = [];
  for (let edit = 1; edit <= EDITS; edit += 1) {
    await sleep(BETWEEN_MS);
    const word = `edit ${edit}`;
    const text = readFileSync(file, "utf8").replace(title, JSON.stringify(word));
    const before = performance.now();
    writeFileSync(file, text);
    await served(place, word);
    times.push(performance.now() - before);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(EDITS / 2)] ?? 0;
}

async function served(place: Place, word: string): Promise<void> {
  while (!(await ask(place)).includes(word)) await sleep(LOOK_MS);
}

/** Empty while nobody answers. */
function ask({ port, host, path }: Place): Promise<string> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path, headers: { host }, agent: false });
    sent.on("error", () => resolve(""));
    sent.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => (text += String(chunk)));
      response.on("error", () => resolve(""));
      response.on("end", () => resolve(response.statusCode === 200 ? text : ""));
    });
    sent.end();
  });
}

/** What the storefront takes by itself, without back ends and without us. */
async function startAlone(): Promise<number> {
  const before = performance.now();
  const child = spawn(process.execPath, STOREFRONT, {
    cwd: join(folder, "app"),
    env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: String(ALONE_PORT) },
    stdio: "ignore",
  });
  children.push(child);
  await served({ port: ALONE_PORT, host: "localhost", path: "/products" }, "edit");
  return performance.now() - before;
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  child.kill("SIGINT");
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

/** As root, PostgreSQL's data lies elsewhere and is linked to. */
function removeData(): void {
  const data = join(folder, ".keelson", "data", "data", "orders");
  if (!existsSync(data) || process.getuid?.() !== 0) return;
  rmSync(dirname(dirname(dirname(realpathSync(data)))), { recursive: true, force: true });
}

function figure(name: string, value: number): void {
  console.log(`@figure ${name} ${value}`);
}
