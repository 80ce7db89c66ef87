// What a client may make the server wait for and hold, and that others are served meanwhile and afterwards.

import { once } from "node:events";
import type { ClientHttp2Stream } from "node:http2";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";

import { createVirtualClock } from "../../core/index.ts";
import type { TokenAuthenticator } from "./authenticate.ts";
import type { ServeOptions } from "./serve-api.ts";
import { ask, askHttp2, open } from "./testing/https-client.ts";
import type { Answer } from "./testing/https-client.ts";
import { openWatches } from "./testing/open-watches.ts";
import { startServedCluster } from "./testing/served-cluster.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { CONFIG_MAPS, configMap, NAMESPACE } from "./testing/shop.ts";
import { askUnread, openRaw, openSession } from "./testing/slow-client.ts";

let cluster: ServedCluster;
afterEach(() => cluster.served.close());

async function start(options: Partial<ServeOptions>): Promise<void> {
  cluster = await startServedCluster({}, { authenticateToken: knowUser, ...options });
  await cluster.send("POST", "/api/v1/namespaces", NAMESPACE);
}

/** Tokens are names. */
const knowUser: TokenAuthenticator = (name) =>
  name.startsWith("user-") ? { name, groups: ["system:authenticated"] } : undefined;

const asUser = (name: string): { readonly authorization: string } => ({
  authorization: `Bearer user-${name}`,
});

/** Another client, which is none of this one's affair. */
async function expectServed(): Promise<void> {
  const name = `other-${(served += 1)}`;
  const made = await cluster.send("POST", CONFIG_MAPS, configMap(name), asUser("other"));
  expect(made.status).toBe(201);
}
let served = 0;

function expectStatus({ status, text }: Answer, code: number, reason: string): void {
  expect(status).toBe(code);
  expect(JSON.parse(text)).toMatchObject({ kind: "Status", status: "Failure", code, reason });
}

const MIB = 1024 * 1024;

describe("a request that is too large", () => {
  const tooLong = " ".repeat(3 * MIB + 1);
  const typed = { "content-type": "application/json" };

  it.each([
    { name: "HTTP/1.1", how: ask, more: {} },
    { name: "HTTP/1.1, of unknown length", how: ask, more: { "transfer-encoding": "chunked" } },
    { name: "HTTP/2", how: askHttp2, more: {} },
  ])("is refused with 413, over $name", async ({ how, more }) => {
    await start({});
    const { url, caPem: ca } = cluster.served;
    const headers = { ...asUser("large"), ...typed, ...more };
    const asked = { method: "POST", ca, headers };
    expectStatus(
      await how(url + CONFIG_MAPS, { ...asked, body: tooLong }),
      413,
      "RequestEntityTooLarge",
    );
    // As much as there may be is read; that it is nothing is another matter.
    const read = await how(url + CONFIG_MAPS, { ...asked, body: tooLong.slice(1) });
    expectStatus(read, 400, "BadRequest");
    await expectServed();
  });

  it("has no headers without end", async () => {
    await start({});
    const { url, caPem: ca } = cluster.served;
    const withPadding = (bytes: number) => ({
      ca,
      headers: { ...asUser("long"), "x-padding": "x".repeat(bytes) },
    });
    const refused = await ask(`${url}/version`, withPadding(65 * 1024));
    expect(refused.status).toBe(431);
    expect(refused.headers["connection"]).toBe("close");
    // HTTP/2 ends the request alone.
    const reset = askHttp2(`${url}/version`, withPadding(65 * 1024));
    await expect(reset).rejects.toMatchObject({ code: "ERR_HTTP2_STREAM_ERROR" });
    for (const how of [ask, askHttp2])
      expect((await how(`${url}/version`, withPadding(60 * 1024))).status).toBe(200);
    await expectServed();
  });
});

describe("a client that is slow", () => {
  const limits = { headersTimeoutMs: 100 };

  it("to greet is cut", async () => {
    await start({ limits });
    const socket = connect(cluster.served.port, "127.0.0.1").on("error", () => {});
    await expectServed();
    await once(socket, "close");
  });

  it.each([
    { name: "to begin", sent: "" },
    { name: "with its headers", sent: "GET /version HTTP/1.1\r\nHost: a\r\nX-A: " },
  ])("$name is cut", async ({ sent }) => {
    await start({ limits });
    const { socket, ended } = await openRaw(cluster.served);
    socket.write(sent);
    await expectServed();
    expect(await ended).toBe("");
    await expectServed();
  });

  it("with its body is answered 504, keeps nobody else's place, and gives back its own", async () => {
    const clock = createVirtualClock(Date.UTC(2026, 0, 1));
    await start({ clock, limits: { writesMax: 2 } });
    const { socket, ended } = await openRaw(cluster.served);
    const { authorization } = asUser("slow");
    const type = "Content-Type: application/json";
    const head = `POST ${CONFIG_MAPS} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n${type}`;
    socket.write(`${head}\r\nContent-Length: 100\r\n\r\n{"a":`);
    while (clock.nextTimerAt() === undefined) await cluster.get("/version");
    const more = await cluster.send("POST", CONFIG_MAPS, configMap("more"), asUser("slow"));
    expectStatus(more, 429, "TooManyRequests");
    expect(more.headers["retry-after"]).toBe("1");
    await expectServed();
    await clock.advanceBy(30_000);
    // And cut, as it does not go on.
    await clock.advanceBy(1000);
    expect(await ended).toMatch(/^HTTP\/1.1 504 [^]*"reason":"Timeout"/);
    const again = await cluster.send("POST", CONFIG_MAPS, configMap("more"), asUser("slow"));
    expect(again.status).toBe(201);
  });

  it("to ask anything over HTTP/2 is cut; one that waits for an answer is not", async () => {
    const clock = createVirtualClock(Date.UTC(2026, 0, 1));
    await start({ clock });
    const [idle, watching] = [await openSession(cluster.served), await openSession(cluster.served)];
    await askUnread(watching, "/api/v1/pods?watch=true", "user-watch");
    const closed = once(idle, "close");
    await clock.advanceBy(2 * 180_000);
    await closed;
    const answered = await askUnread(watching, "/version", "user-watch");
    expect(answered.destroyed).toBe(false);
    watching.destroy();
    await expectServed();
  });
});

const watches = (): Promise<number> => openWatches(cluster, "configmaps");

const WATCH = `${CONFIG_MAPS}?watch=true`;
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
const big = (name: string) => configMap(name, { a: "x".repeat(900_000) });

describe("a client that does not read", () => {
  it.each([
    { name: "HTTP/1.1", isHttp2: false },
    { name: "HTTP/2", isHttp2: true },
  ])("has its watch cut when a few megabytes wait, over $name", async ({ isHttp2 }) => {
    await start({ limits: { unreadBytesMax: 2 * MIB } });
    const { url, caPem: ca } = cluster.served;
    const session = await openSession(cluster.served);
    if (isHttp2) await askUnread(session, WATCH, "user-deaf");
    else (await open(url + WATCH, { ca, headers: asUser("deaf") })).on("error", () => {});
    const reading = cluster.watch(WATCH, 3);
    // The kernel takes a few megabytes more over HTTP/1.1.
    for (let count = 0; count < 3 || (await watches()) > 0; count += 1) {
      expect(count).toBeLessThan(30);
      await cluster.send("POST", CONFIG_MAPS, big(`big-${count}`));
    }
    expect(await reading).toHaveLength(3);
    session.destroy();
    await expectServed();
  });

  it("is cut first of many that do not, when together they hold too much", async () => {
    await start({ limits: { unreadTotalBytesMax: 3 * MIB } });
    const session = await openSession(cluster.served);
    const deaf: ClientHttp2Stream[] = [];
    for (let count = 0; count < 5; count += 1)
      deaf.push(await askUnread(session, WATCH, "user-deaf"));
    // Its own answer is small.
    await cluster.send("POST", CONFIG_MAPS, big("big"), { accept: METADATA });
    // Each lets nearly a megabyte wait.
    while ((await watches()) > 3) await expectServed();
    expect(await watches()).toBe(3);
    const isCut = await Promise.all(deaf.map(async (stream) => (await rest(stream)) < 900_000));
    expect(isCut).toEqual([true, true, false, false, false]);
    session.destroy();
  });

  it("gets no whole answer either", async () => {
    const clock = createVirtualClock(Date.UTC(2026, 0, 1));
    await start({ clock });
    await cluster.send("POST", CONFIG_MAPS, big("big"));
    const session = await openSession(cluster.served);
    const late = await askUnread(session, CONFIG_MAPS, "user-deaf");
    await clock.advanceBy(59_000);
    const inTime = await askUnread(session, CONFIG_MAPS, "user-deaf");
    await clock.advanceBy(1000);
    expect(await rest(late)).toBeLessThan(900_000);
    expect(await rest(inTime)).toBeGreaterThan(900_000);
    session.destroy();
    await expectServed();
  });
});

/** Reads on, until the stream ends or all of a big object has come; says how many bytes that were. */
function rest(stream: ClientHttp2Stream): Promise<number> {
  let bytes = 0;
  return new Promise((resolve) => {
    // Some versions of Node have said so already.
    if (stream.destroyed) resolve(bytes);
    stream.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes > 900_000) resolve(bytes);
    });
    stream.once("close", () => resolve(bytes));
  });
}

describe("a client that asks too much at a time", () => {
  it("is told to come back, while another one is served", async () => {
    await start({ limits: { watchesMax: 4 } });
    const { url, caPem: ca } = cluster.served;
    const session = await openSession(cluster.served);
    const flood = [1, 2].map(() => askUnread(session, WATCH, "user-flood"));
    const [first] = await Promise.all(flood);
    const refused = await ask(url + WATCH, { ca, headers: asUser("flood") });
    expectStatus(refused, 429, "TooManyRequests");
    expect(refused.headers["retry-after"]).toBe("1");
    const other = await askUnread(session, WATCH, "user-other");
    expect(other.destroyed).toBe(false);
    first?.close();
    while ((await watches()) > 2) await expectServed();
    await askUnread(session, WATCH, "user-flood");
    expect(await watches()).toBe(3);
    session.destroy();
  });

  it("with too many connections is told so on each, until others have gone", async () => {
    await start({ limits: { connectionsMax: 2 } });
    const { url, caPem: ca } = cluster.served;
    const first = await openSession(cluster.served);
    const second = await openSession(cluster.served);
    for (const how of [ask, askHttp2]) {
      const refused = await how(`${url}/version`, { ca, headers: asUser("flood") });
      expectStatus(refused, 429, "TooManyRequests");
      expect(refused.headers["retry-after"]).toBe("1");
    }
    // It is the server that ends them.
    const third = await openSession(cluster.served);
    third.request({ ":path": "/version" }).resume();
    await once(third, "close");
    const raw = await openRaw(cluster.served);
    raw.socket.write("GET /version HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    expect(await raw.ended).toMatch(/^HTTP\/1.1 429 /);
    // Whoever was there before is served.
    const stream = first.request({ ":path": "/version", ...asUser("flood") });
    const [headers] = await once(stream, "response");
    expect(headers[":status"]).toBe(200);
    second.destroy();
    while ((await ask(`${url}/version`, { ca })).status !== 200);
    await expectServed();
    first.destroy();
  });
});
