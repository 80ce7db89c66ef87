// The client's end of a SPDY connection for tests, down to bytes nobody should send.

import type { Duplex } from "node:stream";

import { createHeaderReader, createHeaderWriter } from "../spdy/header-block.ts";
import type { Frame } from "../spdy/frame.ts";
import { readFrames } from "../spdy/read-frames.ts";
import { dataHead, synStream } from "../spdy/write-frames.ts";

export interface SpdyClient {
  /** Opens a stream and answers its id. */
  open(headers: Readonly<Record<string, string>>, id?: number): number;
  send(id: number, text: string, isLast?: boolean): void;
  write(bytes: Buffer): void;
  /** The frames heard so far, but for the pieces of data. */
  readonly frames: readonly Frame[];
  /** What was said on a stream so far. */
  heard(id: number): string;
  /** Streams the server has finished or reset. */
  readonly over: ReadonlySet<number>;
  readonly closed: Promise<void>;
  cut(): void;
}

export function createSpdyClient(socket: Duplex): SpdyClient {
  const writer = createHeaderWriter();
  const frames: Frame[] = [];
  const texts = new Map<number, string>();
  const over = new Set<number>();
  let nextId = 1;
  const listen = async (): Promise<void> => {
    try {
      for await (const frame of readFrames(socket, createHeaderReader())) {
        if (frame.kind !== "data") frames.push(frame);
        else texts.set(frame.streamId, (texts.get(frame.streamId) ?? "") + String(frame.bytes));
        if (frame.kind === "rst-stream" || (frame.kind === "data" && frame.isLast))
          over.add(frame.streamId);
      }
    } catch {
      // The server has cut the connection.
    }
  };
  return {
    open(headers, id = nextId) {
      nextId = id + 2;
      socket.write(synStream(id, new Map(Object.entries(headers)), writer));
      return id;
    },
    send(id, text, isLast = false) {
      socket.write(dataHead(id, Buffer.byteLength(text), isLast));
      socket.write(text);
    },
    write: (bytes) => void socket.write(bytes),
    frames,
    heard: (id) => texts.get(id) ?? "",
    over,
    closed: listen(),
    cut: () => void socket.destroy(),
  };
}
