// Node processes with the hook loaded as the process agent loads it: where they listen, and what names mean to them.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { startNetworkCluster, testPod, type NetworkCluster } from "./testing/network-cluster.ts";

let cluster: NetworkCluster;
let backend: ReturnType<typeof createServer>;
let address: string;
let port: number;

beforeAll(async () => {
  cluster = await startNetworkCluster();
  address = cluster.network.assignAddress(testPod("web-0"));
  backend = createServer((request, response) => response.end(`web at ${request.headers.host}`));
  await new Promise<void>((resolve) => void backend.listen(0, address, () => resolve()));
  ({ port } = backend.address() as AddressInfo);
  await cluster.expose("web", { port: 8080, targetPort: port, endpoints: [{ address }] });
  await vi.waitFor(() =>
    fetch(`http://${cluster.network.localise("web.shop:8080", testPod("x"))}/`),
  );
});
afterAll(async () => {
  backend.close();
  await cluster.stop();
});

/** Runs a module with the hook; what it prints, as JSON. */
function run(
  source: string,
  own: Record<string, string> = {},
  ports: number[] = [],
): Promise<unknown> {
  const pod = testPod("client-0", ports);
  const environment = cluster.network.environment(pod, own);
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    env: { ...own, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, failed] = ["", ""];
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  child.stderr.on("data", (chunk) => (failed += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on("close", () => {
      try {
        resolve(JSON.parse(out));
      } catch {
        reject(new Error(`${out}${failed}`));
      }
    });
  });
}

const LISTEN = `
  import { createServer } from "node:http";
  import net from "node:net";
  const on = (...args) => new Promise((resolve) => {
    const server = createServer((_, response) => response.end("own"));
    server.listen(...args, () => resolve(server));
  });
  const host = (server) => server.address().address;
`;

it("listens on the pod's address where no other was asked for", async () => {
  const own = cluster.network.assignAddress(testPod("client-0"));
  const got = await run(`${LISTEN}
    const servers = [
      await on(18081), await on("18082"), await on(18083, "0.0.0.0"), await on(18084, "::"),
      await on({ port: 18085 }), await on({ port: 18086, host: "0.0.0.0" }), await on(18087, undefined),
      await on(18088, "127.0.0.1"), await on(0), await on({ port: 18089, host: "localhost" }),
    ];
    const answer = await (await fetch("http://localhost:18081/")).text();
    console.log(JSON.stringify({ hosts: servers.map(host), answer }));
    servers.forEach((server) => { server.close(); server.closeAllConnections(); });
  `);
  expect(got).toEqual({
    hosts: [
      own,
      own,
      own,
      own,
      own,
      own,
      own,
      "127.0.0.1",
      expect.stringMatching(/^(::|0\.0\.0\.0)$/),
      expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    ],
    answer: "own",
  });
});

it("resolves the cluster's names and leaves others alone", async () => {
  const service = cluster.network.localise("web.shop", testPod("x"));
  const got = await run(`
    import dns, { lookup } from "node:dns";
    import { lookup as later } from "node:dns/promises";
    import { promisify } from "node:util";
    const code = (promise) => promise.then(() => "found", (error) => error.code);
    console.log(JSON.stringify({
      names: await Promise.all(["web", "web.shop", "web.shop.svc", "web.shop.svc.cluster.local."].map((name) => later(name))),
      all: await later("web", { all: true }),
      callback: await new Promise((resolve) => lookup("web", (_, found, family) => resolve([found, family]))),
      promisified: await promisify(dns.lookup)("web"),
      six: await code(later("web", 6)),
      unknown: await code(later("nothing.shop.svc.cluster.local")),
      local: (await later("localhost", 4)).address,
    }));
  `);
  const found = { address: service, family: 4 };
  expect(got).toEqual({
    names: [found, found, found, found],
    all: [found],
    callback: [service, 4],
    promisified: found,
    six: "ENOTFOUND",
    unknown: "ENOTFOUND",
    local: "127.0.0.1",
  });
});

it("reaches Services by name, with fetch and with options of its own", async () => {
  const got = await run(
    `console.log(JSON.stringify([await (await fetch("http://web.shop.svc:8080/")).text(), process.execArgv, v8flag()]));
     function v8flag() { return process.env.NODE_OPTIONS.endsWith("--no-warnings"); }`,
    { NODE_OPTIONS: "--no-warnings" },
  );
  expect(got).toEqual(["web at web.shop.svc:8080", expect.anything(), true]);
});

it("does nothing where it is told nothing", async () => {
  const { NODE_OPTIONS = "" } = cluster.network.environment(testPod("client-0"));
  const got = await run(
    `${LISTEN}
    const server = await on(0, "127.0.0.1");
    console.log(JSON.stringify(host(server)));
    server.close();`,
    { NODE_OPTIONS },
  );
  expect(got).toBe("127.0.0.1");
});

it("connects from the pod's own address where its proxy has to know it", async () => {
  const who = createServer((request, response) => response.end(request.socket.remoteAddress));
  await new Promise<void>((resolve) => void who.listen(0, address, () => resolve()));
  const { port: at } = who.address() as AddressInfo;
  const source = `
    import { get } from "node:http";
    const own = process.env.KEELSON_POD_ADDRESS;
    get({ host: "${address}", port: ${at}, agent: false }, async (answer) => {
      let seen = "";
      for await (const chunk of answer) seen += chunk;
      console.log(JSON.stringify(seen === own));
    });
  `;
  expect(await run(source, { KEELSON_MEMBER: "1" })).toBe(true);
  expect(await run(source)).toBe(false);
  who.close();
});
