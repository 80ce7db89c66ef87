import { once } from "node:events";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { connect, type AddressInfo, type Socket } from "node:net";
import { expect, it } from "vitest";
import { createHttp2Sender } from "./http2.ts";

it("opens another connection when one has all the streams it may have", async () => {
  const server = createServer({ settings: { maxConcurrentStreams: 2 } });
  let connections = 0;
  server.on("session", () => (connections += 1));
  const served: ServerHttp2Stream[] = [];
  server.on("stream", (stream: ServerHttp2Stream) => {
    served.push(stream);
    stream.respond({ ":status": 200 });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const open = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(socket));
    });
  const sender = await createHttp2Sender(new URL(`http://127.0.0.1:${port}`), open, await open());
  const request = { method: "GET", path: "/", headers: {} } as const;
  const responses = [];
  for (let index = 0; index < 5; index += 1) responses.push(await sender.send(request));
  expect([connections, responses.map(({ status }) => status)]).toEqual([
    3,
    [200, 200, 200, 200, 200],
  ]);

  // A stream that ends makes room again, as soon as the server knows of its end.
  const streams = [responses[0]?.body, served[0]].filter((stream) => stream !== undefined);
  const ends = streams.map((stream) => once(stream, "close"));
  streams[0]?.destroy();
  await Promise.all(ends);
  await sender.send(request);
  expect(connections).toBe(3);
  sender.close();
  await new Promise((resolve) => void server.close(resolve));
});
