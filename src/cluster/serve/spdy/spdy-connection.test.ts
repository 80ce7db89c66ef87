// What a SPDY client may say, and what it may say wrong. The connections are real ones of this machine.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createRealClock } from "../../../core/index.ts";
import { createSpdyClient } from "../testing/spdy-client.ts";
import type { SpdyClient } from "../testing/spdy-client.ts";
import { serveSpdy } from "./spdy-connection.ts";
import type { SpdyStream } from "./spdy-stream.ts";
import { ping, rstStream } from "./write-frames.ts";

const server = createServer({ allowHalfOpen: true });
let port: number;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());

async function dial(onStream: (stream: SpdyStream) => void = () => undefined) {
  const accepted = once(server, "connection");
  const client = createSpdyClient(connect({ host: "127.0.0.1", port }));
  const [socket] = (await accepted) as [Socket];
  return { client, connection: serveSpdy(socket, onStream), socket };
}

async function until(condition: () => boolean): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  while (!condition()) await clock.sleep(5);
}

const echo = (stream: SpdyStream): void => void stream.pipe(stream);

describe("streams", () => {
  it("carry bytes both ways, and each end closes for itself", async () => {
    const { client } = await dial(echo);
    const ids = [client.open({ a: "1" }), client.open({ a: "2" })];
    for (const id of ids) client.send(id, `said on ${id}`);
    await until(() => ids.every((id) => client.heard(id) !== ""));
    expect(ids.map((id) => client.heard(id))).toEqual(["said on 1", "said on 3"]);
    expect(client.over.size).toBe(0);
    for (const id of ids) client.send(id, "!", true);
    await until(() => client.over.size === 2);
    client.cut();
  });

  it("carry much", async () => {
    const { client } = await dial(echo);
    const id = client.open({});
    const text = "0123456789abcdef".repeat(64 * 1024);
    for (let sent = 0; sent < 8; sent += 1) client.send(id, text, sent === 7);
    await until(() => client.over.has(id));
    expect(client.heard(id).length).toBe(8 * text.length);
    client.cut();
  });

  it("know their headers, and end when the connection does", async () => {
    const streams: SpdyStream[] = [];
    const { client, connection } = await dial((stream) => streams.push(stream));
    client.open({ streamtype: "data", port: "80" });
    await until(() => streams.length === 1);
    expect(streams[0]?.headers).toEqual(
      new Map([
        ["streamtype", "data"],
        ["port", "80"],
      ]),
    );
    client.cut();
    await until(() => connection.gone.aborted && streams[0]?.destroyed === true);
  });

  it("are cut by either end", async () => {
    const streams: SpdyStream[] = [];
    const { client } = await dial((stream) => streams.push(stream));
    const [first, second] = [client.open({}), client.open({})];
    await until(() => streams.length === 2);
    streams[0]?.destroy();
    await until(() => client.over.has(first));
    client.write(rstStream(second, 5));
    await until(() => streams[1]?.destroyed === true);
    // What comes late for one that is over is passed over.
    client.send(second, "late");
    client.open({});
    await until(() => streams.length === 3);
    client.cut();
  });

  it("are as many as a connection may have", async () => {
    const { client } = await dial();
    for (let opened = 0; opened < 1030; opened += 1) client.open({});
    await until(() => client.over.size === 6);
    client.cut();
  });
});

it("answers pings, and says good-bye", async () => {
  const { client, connection } = await dial();
  client.write(ping(7));
  await until(() => client.frames.length === 1);
  connection.ping();
  connection.end();
  await client.closed;
  expect(client.frames).toEqual([
    { kind: "ping", id: 7 },
    { kind: "ping", id: 2 },
    { kind: "go-away", lastStreamId: 0 },
  ]);
});

describe("what is against the rules closes the connection", () => {
  const control = (version: number, type: number, length: number, body: readonly number[]) =>
    Buffer.from(
      [0x80, version, 0, type, 0, length >> 16, (length >> 8) & 0xff, length & 0xff].concat(body),
    );
  it.each<{ name: string; say: (client: SpdyClient) => void }>([
    { name: "HTTP", say: (client) => client.write(Buffer.from("GET / HTTP/1.1\r\n\r\n")) },
    { name: "another version", say: (client) => client.write(control(2, 6, 4, [0, 0, 0, 1])) },
    { name: "an unknown frame", say: (client) => client.write(control(3, 99, 0, [])) },
    { name: "a frame that is too short", say: (client) => client.write(control(3, 6, 1, [1])) },
    { name: "a frame that is too long", say: (client) => client.write(control(3, 8, 70_000, [])) },
    { name: "data on a stream nobody opened", say: (client) => client.send(9, "lost") },
    { name: "data on stream 0", say: (client) => client.send(0, "lost") },
    { name: "stream 0", say: (client) => client.open({}, 0) },
    { name: "a server's stream", say: (client) => client.open({}, 2) },
    {
      name: "a stream twice",
      say: (client) => [1, 1].forEach((id) => client.open({}, id)),
    },
    {
      name: "headers that are not compressed",
      say: (client) => client.write(control(3, 1, 14, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])),
    },
  ])("$name", async ({ say }) => {
    const { client, connection } = await dial(echo);
    say(client);
    await client.closed;
    await until(() => connection.gone.aborted);
  });

  it.each([
    { name: "a reset of a stream that is not there", bytes: [...rstStream(9, 1)] },
    { name: "settings", bytes: [...control(3, 4, 4, [0, 0, 0, 0])] },
    { name: "a window", bytes: [...control(3, 9, 8, [0, 0, 0, 1, 0, 0, 0, 1])] },
  ])("but not $name", async ({ bytes }) => {
    const { client } = await dial(echo);
    client.write(Buffer.from(bytes));
    const id = client.open({});
    client.send(id, "said");
    await until(() => client.heard(id) === "said");
    client.cut();
  });
});

it("waits for a stream that nobody reads instead of holding what it is sent", async () => {
  const streams: SpdyStream[] = [];
  const { client, socket } = await dial((stream) => streams.push(stream));
  const id = client.open({});
  const text = "x".repeat(1024 * 1024);
  for (let sent = 0; sent < 64; sent += 1) client.send(id, text, sent === 63);
  await until(() => (streams[0]?.readableLength ?? 0) > 0);
  await createRealClock({ keepAlive: true }).sleep(50);
  expect(socket.bytesRead).toBeLessThan(8 * 1024 * 1024);
  let size = 0;
  streams[0]?.on("data", (chunk: Buffer) => (size += chunk.length));
  await until(() => size === 64 * text.length);
  client.cut();
});
