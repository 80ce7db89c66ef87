// Bytes inside a WebSocket, as kubectl tunnels SPDY: a client of its own, because ws refuses the subprotocol's name.

import { Duplex } from "node:stream";

import type { ServedCluster } from "./served-cluster.ts";
import { upgrade } from "./stream-client.ts";

/** Of messages below 64 KiB, which is all that tests say. */
const MASKED = 0x80;
const BINARY = 0x82;

export async function openTunnel(cluster: ServedCluster, path: string): Promise<Duplex> {
  const { socket } = await upgrade(cluster, "GET", path, {
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": "SPDY/3.1+portforward.k8s.io",
  });
  if (socket === undefined) throw new Error("the upgrade was refused");
  const tunnel = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      const head = Buffer.from([BINARY, MASKED + 126, 0, 0, 0, 0, 0, 0]);
      head.writeUInt16BE(chunk.length, 2);
      socket.write(Buffer.concat([head, chunk]), () => done());
    },
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  let held = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (let frame = cut(held); frame !== undefined; frame = cut(held)) {
      held = held.subarray(frame.end);
      if (frame.isBinary) tunnel.push(frame.bytes);
    }
  });
  socket.once("close", () => tunnel.push(null));
  return tunnel;
}

function cut(held: Buffer) {
  if (held.length < 4) return undefined;
  const short = (held[1] ?? 0) & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (held.length < start) return undefined;
  const length =
    short === 127 ? held.readUInt32BE(6) : short === 126 ? held.readUInt16BE(2) : short;
  const end = start + length;
  if (held.length < end) return undefined;
  return { isBinary: held[0] === BINARY, bytes: held.subarray(start, end), end };
}
