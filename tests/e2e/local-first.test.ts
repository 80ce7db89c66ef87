// The blueprint on a laptop, for real: orders in PostgreSQL, mail with dead letters, pictures, one trace, hot reload, killed
// processes, a release, backup and restore, and everything still there after a restart. Needs the packages of the example and kubectl.

import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { REPOSITORY, runCommand } from "../../scripts/run-command.ts";
import { createRealClock } from "../../src/core/index.ts";
import { git } from "../../src/delivery/git/git-process.ts";
import { startLoad } from "../rollout/load.ts";
import { findTool, printSkip } from "../skip.ts";
import { isAlive, requireBuild, runKeelson, startKeelson } from "./keelson-process.ts";
import type { RunningCommand } from "./keelson-process.ts";

const EXAMPLE = join(REPOSITORY, "examples", "storefront");
const HOST = "storefront.dev.127.0.0.1.nip.io";
const kubectlTool = await findTool("kubectl");
const psqlTool = await findTool("psql");
const hasRedis = (await findTool("redis-server")) !== undefined;
const isInstalled = existsSync(join(EXAMPLE, "node_modules"));
if (!isInstalled) printSkip("local-first", "the packages of examples/storefront are not installed");

let folder: string;
let app: string;
let running: RunningCommand;
let httpPort: number;

interface UpResult {
  readonly outcome: string;
  readonly ingress: { readonly http: number };
  readonly local: readonly { readonly system: string; readonly outcome: string }[];
}

async function up(...more: string[]): Promise<UpResult> {
  const ports = ["--port", "0", "--http-port", "0", "--https-port", "0"];
  running = startKeelson(folder, "up", "-o", "json", "--timeout", "200", ...ports, ...more);
  const result = JSON.parse(await running.printed("\n}\n")) as UpResult;
  httpPort = result.ingress.http;
  return result;
}

async function down(): Promise<void> {
  running.signal("SIGINT");
  await running.ended;
}

async function kubectl(...words: string[]): Promise<string> {
  const options = ["--kubeconfig", join(folder, ".keelson", "kubeconfig")];
  const cache = ["--cache-dir", join(folder, "cache")];
  const command = [...options, ...cache, ...words];
  const { code, stdout, output } = await runCommand(kubectlTool ?? "kubectl", command, {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`kubectl ${words.join(" ")} ended with ${code}\n${output}`);
  return stdout;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(
  method: string,
  path: string,
  body?: string | Buffer,
  type = "application/json",
): Promise<Answer> {
  const headers = { host: HOST, ...(body === undefined ? {} : { "content-type": type }) };
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port: httpPort,
      path,
      method,
      headers,
      agent: false,
    });
    sent.on("error", reject).on("response", (response) => {
      let text = "";
      response.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.end(body);
  });
}

const order = async (customer: string): Promise<string> => {
  const body = JSON.stringify({ product: "lantern", quantity: 1, customer });
  const answer = await ask("POST", "/orders", body);
  expect(answer.status).toBe(201);
  return (JSON.parse(answer.body) as { id: string }).id;
};

/** Looks again until it holds; the test's timeout ends a wait for nothing. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  while (!(await holds())) await clock.sleep(100);
}

const products = (directory: string): string => join(directory, "src", "orders", "products.ts");

function replaceIn(file: string, text: string, by: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(text, by));
}

const storefront = (path: string): Promise<string> =>
  kubectl("get", "pods", "-n", "storefront", "-o", `jsonpath={.items[*]${path}}`);
const processOf = async (): Promise<number> =>
  Number((await storefront(".status.containerStatuses[0].containerID")).replace("process://", ""));

/** Of the cache, as the app's readiness has it. */
async function cacheState(): Promise<string | undefined> {
  const { features } = JSON.parse((await ask("GET", "/readyz")).body) as {
    features: readonly { readonly backEnd: string; readonly state: string }[];
  };
  return features.find(({ backEnd }) => backEnd === "redis")?.state;
}

/** In the database itself, past the app. */
async function sql(statement: string): Promise<string> {
  const secret = await kubectl(
    "get",
    "secret",
    "-n",
    "data",
    "orders-app",
    "-o",
    "jsonpath={.data.password}",
  );
  const address = await kubectl(
    "get",
    "pod",
    "-n",
    "data",
    "orders-0",
    "-o",
    "jsonpath={.status.podIP}",
  );
  const url = `postgresql://orders:${Buffer.from(secret, "base64").toString()}@${address}/orders`;
  return new Promise((resolve, reject) => {
    execFile(psqlTool ?? "psql", [url, "-XAtc", statement], (error, stdout) =>
      error === null ? resolve(stdout.trim()) : reject(error),
    );
  });
}

const CHECKSUM = "SELECT count(*), md5(string_agg(o::text, '|' ORDER BY id)) FROM orders o";

describe.skipIf(kubectlTool === undefined || psqlTool === undefined || !isInstalled)(
  "local-first",
  () => {
    let local: UpResult["local"] = [];
    let bounced = "";

    beforeAll(async () => {
      await requireBuild();
      folder = mkdtempSync(join(tmpdir(), "keelson-local-"));
      await runKeelson(folder, "init", ".", "--from", "local-first");
      app = join(folder, "app");
      for (const version of [app, `${app}-next`]) {
        cpSync(join(EXAMPLE, "src"), join(version, "src"), { recursive: true });
        cpSync(join(EXAMPLE, "package.json"), join(version, "package.json"));
        symlinkSync(join(EXAMPLE, "node_modules"), join(version, "node_modules"));
      }
      replaceIn(products(`${app}-next`), "Harbour lantern", "Signal lantern");
      const file = join(folder, "platform.ts");
      const blueprint = readFileSync(file, "utf8").replace(
        'directory: "../../examples/storefront"',
        'directory: "app", versions: { "0.2.0": "app-next" }',
      );
      // Two receives are a second; five would be fifteen.
      const hurried = blueprint.replace("deadLetterAfter: 5", "deadLetterAfter: 2");
      // The document has no cache; the app uses one where there is one.
      const cached = hurried
        .replace("  buckets: {", "  caches: { recent: { replicas: 0 } },\n  buckets: {")
        .replace('"uploads"], //', '"uploads", "recent"], //');
      writeFileSync(file, cached);
      const result = await up("--debug", "storefront");
      expect(result.outcome).toBe("healthy");
      local = result.local;
      bounced = await order("nobody@nowhere.invalid");
    }, 240_000);

    afterAll(async () => {
      await down();
      const data = join(folder, ".keelson", "data", "data", "orders");
      if (existsSync(data) && process.getuid?.() === 0) {
        const shared = dirname(dirname(dirname(realpathSync(data))));
        rmSync(shared, { recursive: true, force: true });
      }
      rmSync(folder, { recursive: true, force: true });
    });

    it("runs the app and its services as processes", async () => {
      expect(
        local.filter(({ outcome }) => outcome === "process").map(({ system }) => system),
      ).toEqual(expect.arrayContaining(["storefront", "PostgreSQL", "SQS", "S3"]));
      expect(await storefront(".metadata.annotations['keelson\\.dev/agent']")).toBe("process");
      expect(isAlive(await processOf())).toBe(true);
    });

    it("keeps an order in PostgreSQL, and shows it as one trace from the gateway to the database", async () => {
      const id = await order("ada@example.com");
      expect(await sql(`SELECT customer FROM orders WHERE id = '${id}'`)).toBe("ada@example.com");
      expect((await ask("GET", "/metrics")).body).toContain("http_server_request_duration_seconds");
      await until(async () => {
        const { stdout } = await runKeelson(folder, "traces");
        return stdout
          .split("\n\n")
          .some((trace) => /^ingress/m.test(trace) && trace.includes("INSERT orders"));
      });
    }, 30_000);

    it("stores a picture and gives it back", async () => {
      const picture = Buffer.from("89504e470d0a1a0a0000", "hex");
      const edge = "edge";
      const head = `--${edge}\r\ncontent-disposition: form-data; name="picture"; filename="p.png"\r\n\r\n`;
      const body = Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${edge}--\r\n`)]);
      const saved = await ask("POST", "/uploads", body, `multipart/form-data; boundary=${edge}`);
      const { url } = JSON.parse(saved.body) as { url: string };
      expect((await ask("GET", url)).body).toBe(picture.toString("latin1"));
    });

    it.skipIf(!hasRedis)(
      "degrades while its cache is away, and finds it as it was",
      async () => {
        const sold = async (): Promise<string> => (await ask("GET", "/leaders")).body;
        await order("cache@example.com");
        const before = await sold();
        const server = Number(
          (
            await kubectl(
              "get",
              "pod",
              "-n",
              "cache",
              "recent-0",
              "-o",
              "jsonpath={.status.containerStatuses[0].containerID}",
            )
          ).replace("process://", ""),
        );
        await until(async () => (await cacheState()) === "ok");
        process.kill(server, "SIGSTOP");
        await until(async () => (await cacheState()) === "failing");
        expect((await ask("GET", "/orders")).status).toBe(200);
        process.kill(server, "SIGKILL");
        await until(async () => (await cacheState()) === "ok");
        expect(JSON.parse(await sold())).toEqual(JSON.parse(before));
      },
      60_000,
    );

    it("starts a killed process again, and says so", async () => {
      const before = await processOf();
      process.kill(before, "SIGKILL");
      await until(
        async () =>
          ![before, 0].includes(await processOf()) && (await ask("GET", "/healthz")).status === 200,
      );
      expect(await storefront(".status.containerStatuses[0].restartCount")).not.toBe("0");
    }, 60_000);

    it("serves a changed file without touching the Deployment", async () => {
      const pod = await storefront(".metadata.name");
      replaceIn(products(app), "Harbour lantern", "Storm lantern");
      await until(async () => (await ask("GET", "/products")).body.includes("Storm lantern"));
      expect(await storefront(".metadata.name")).toBe(pod);
    }, 60_000);

    it("releases a committed version from its own directory, and loses no request", async () => {
      const load = startLoad(httpPort, HOST, {
        concurrency: 2,
        methods: ["GET"],
        path: "/products",
      });
      const repository = join(folder, ".keelson", "repository");
      replaceIn(
        join(repository, "apps", "storefront", "base", "deployment.yaml"),
        "/storefront:0.1.0",
        "/storefront:0.2.0",
      );
      await git(["commit", "--quiet", "--all", "--message", "Release 0.2.0"], {
        directory: repository,
      });
      await until(async () => (await ask("GET", "/products")).body.includes("Signal lantern"));
      await kubectl("rollout", "status", "-n", "storefront", "deployment/storefront");
      const answers = await load.stop();
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(answers.length).toBeGreaterThan(50);
    }, 60_000);

    it("answers a debugger on the pod's address", async () => {
      const address = await storefront(".status.podIP");
      const answer = await fetch(`http://${address}:9229/json/version`);
      expect(await answer.json()).toMatchObject({ Browser: `node.js/${process.version}` });
    });

    it("dumps the database and brings back a dropped table", async () => {
      await until(async () => (await ask("GET", "/readyz")).status === 200);
      const before = await sql(CHECKSUM);
      await kubectl("create", "job", "-n", "backup", "--from=cronjob/dump-orders", "dump-now");
      await kubectl(
        "wait",
        "-n",
        "backup",
        "--for=condition=complete",
        "job/dump-now",
        "--timeout=60s",
      );
      await sql("DROP TABLE orders CASCADE");
      const guide = readFileSync(join(REPOSITORY, "docs", "guide", "local-development.md"), "utf8");
      writeFileSync(join(folder, "restore.yaml"), /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? "");
      await kubectl("apply", "-f", "restore.yaml");
      await kubectl(
        "wait",
        "-n",
        "backup",
        "--for=condition=complete",
        "job/restore-orders",
        "--timeout=60s",
      );
      expect(await sql(CHECKSUM)).toBe(before);
    }, 150_000);

    it("moves mail that bounces to the dead letters", async () => {
      await until(async () => {
        const { deadLetters } = JSON.parse((await ask("GET", "/mail")).body) as {
          deadLetters: number;
        };
        return deadLetters > 0;
      });
      expect(bounced).not.toBe("");
    }, 90_000);

    it("leaves no process, and has everything again after a restart", async () => {
      const before = await sql(CHECKSUM);
      const pid = await processOf();
      await down();
      expect(isAlive(pid)).toBe(false);
      await up();
      expect(await sql(CHECKSUM)).toBe(before);
      expect(JSON.parse((await ask("GET", "/orders?limit=50")).body)).toMatchObject({
        orders: expect.arrayContaining([expect.objectContaining({ id: bounced })]),
      });
    }, 240_000);
  },
);
