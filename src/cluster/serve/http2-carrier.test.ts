// What clients of HTTP/2 do in ways of their own: what HTTP/1.1 has too is tested over HTTP/1.1.

import { once } from "node:events";
import { constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { connect } from "node:tls";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { createRealClock } from "../../core/index.ts";
import { textOf } from "./testing/https-client.ts";
import { openWatches } from "./testing/open-watches.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { CONFIG_MAPS, configMap, startShop } from "./testing/shop.ts";
import { openSession } from "./testing/slow-client.ts";

const clock = createRealClock({ keepAlive: true });

let cluster: ServedCluster;
let session: ClientHttp2Session;

beforeAll(async () => {
  cluster = await startShop();
});
afterAll(() => cluster.served.close());
beforeEach(async () => {
  session = await openSession(cluster.served);
});
afterEach(() => session.destroy());

function request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
  const authorization = `Bearer ${cluster.served.token}`;
  const stream = session.request({ authorization, ...headers });
  stream.on("error", () => {});
  return stream;
}

async function statusOf(stream: ClientHttp2Stream): Promise<number | undefined> {
  const [headers] = await once(stream, "response");
  return headers[":status"];
}

const watches = (): Promise<number> => openWatches(cluster, "configmaps");

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** Types of frames and a flag (RFC 9113 section 6). */
const [HEADERS, RST_STREAM, SETTINGS, END_HEADERS] = [1, 3, 4, 4];

function postFrame(stream: number): Buffer {
  const fields = Object.entries({
    ":method": "POST",
    ":scheme": "https",
    ":path": CONFIG_MAPS,
    ":authority": "localhost",
    authorization: `Bearer ${cluster.served.token}`,
    "content-type": "application/json",
    expect: "100-continue",
  });
  const block = Buffer.concat(fields.flatMap(([name, value]) => literalField(name, value)));
  return frame(HEADERS, stream, block, END_HEADERS);
}

function resetFrame(stream: number): Buffer {
  return frame(RST_STREAM, stream, Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL]));
}

function frame(type: number, stream: number, payload = Buffer.alloc(0), flags = 0): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Neither indexed nor compressed (RFC 7541 section 6.2.2); short texts only. */
function literalField(name: string, value: string): readonly Buffer[] {
  const texts = [name, value].map((text) => Buffer.from(text));
  return [Buffer.from([0]), ...texts.flatMap((text) => [Buffer.from([text.length]), text])];
}

describe("a request over HTTP/2", () => {
  it("is answered beside others of its connection", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `beside-${index}`);
    const created = names.map(async (name) => {
      const stream = request({
        ":method": "POST",
        ":path": CONFIG_MAPS,
        "content-type": "application/json",
      });
      stream.end(JSON.stringify(configMap(name)));
      const status = await statusOf(stream);
      return { status, name: JSON.parse(await textOf(stream)).metadata.name };
    });
    expect(await Promise.all(created)).toEqual(names.map((name) => ({ status: 201, name })));
  });

  it("is told to go on when it waits for that before its body", async () => {
    const stream = request({
      ":method": "POST",
      ":path": CONFIG_MAPS,
      "content-type": "application/json",
      expect: "100-continue",
    });
    await once(stream, "continue");
    stream.end(JSON.stringify(configMap("awaited")));
    expect(await statusOf(stream)).toBe(201);
  });

  it("with HEAD gets the head alone, whole", async () => {
    const stream = request({ ":method": "HEAD", ":path": `${CONFIG_MAPS}/none` });
    const closed = once(stream, "close");
    expect(await statusOf(stream)).toBe(405);
    expect(await textOf(stream)).toBe("");
    await closed;
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it("with CONNECT, which has no path, is refused", async () => {
    const stream = request({ ":method": "CONNECT", ":authority": "example.org:443" });
    expect(await statusOf(stream)).toBe(405);
  });

  it.each([
    { name: "when its body is awaited", isApart: true },
    { name: "by the same bytes that carry it", isApart: false },
  ])("may be reset $name", async ({ isApart }) => {
    const { port, caPem: ca } = cluster.served;
    const socket = connect({ port, host: "127.0.0.1", ca, ALPNProtocols: ["h2"] });
    await once(socket, "secureConnect");
    const streams = Array.from({ length: 20 }, (_, index) => 2 * index + 1);
    socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0)]));
    if (isApart) {
      socket.write(Buffer.concat(streams.map(postFrame)));
      await once(socket, "data");
      await clock.sleep(20);
      socket.write(Buffer.concat(streams.map(resetFrame)));
    } else {
      socket.write(Buffer.concat(streams.flatMap((one) => [postFrame(one), resetFrame(one)])));
      await once(socket, "data");
    }
    await clock.sleep(20);
    expect(await statusOf(request({ ":path": "/version" }))).toBe(200);
    socket.destroy();
  });
});

describe("a watch over HTTP/2", () => {
  /** Nothing has these labels until a test says so. */
  const watch = { ":path": `${CONFIG_MAPS}?watch=1&labelSelector=app` };

  it("ends with its stream and leaves the others of its connection open", async () => {
    const [one, other] = [request(watch), request(watch)];
    expect([await statusOf(one), await statusOf(other)]).toEqual([200, 200]);
    expect(await watches()).toBe(2);
    one.close(constants.NGHTTP2_CANCEL);
    await vi.waitFor(async () => expect(await watches()).toBe(1));
    const told = once(other, "data");
    const metadata = { name: "told", labels: { app: "web" } };
    await cluster.send("POST", CONFIG_MAPS, { ...configMap("told"), metadata });
    expect(JSON.parse(String(await told))).toMatchObject({ object: { metadata } });
  });

  it("ends with its connection", async () => {
    expect(await statusOf(request(watch))).toBe(200);
    session.destroy();
    await vi.waitFor(async () => expect(await watches()).toBe(0));
  });
});
