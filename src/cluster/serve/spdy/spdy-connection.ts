// The server's end of a SPDY/3.1 connection: streams that the client opens, pings, and a good-bye.
// Mirrors what moby/spdystream connection.go expects of its peer. Nothing a client sends makes it throw: a connection that
// breaks the rules is closed.

import type { Duplex } from "node:stream";

import { RESET_STATUS, SpdyError } from "./frame.ts";
import type { Frame, HeaderBlock } from "./frame.ts";
import { createHeaderReader, createHeaderWriter } from "./header-block.ts";
import { readFrames } from "./read-frames.ts";
import { SpdyStream } from "./spdy-stream.ts";
import { dataHead, goAway, ping, rstStream, synReply } from "./write-frames.ts";

/** Two for each forwarded connection. */
const STREAMS_MAX = 1024;
/** Less than a frame may hold, so that streams take turns. */
const DATA_BYTES_MAX = 64 * 1024;

export interface SpdyConnection {
  /** Aborted when the connection has ended, whoever ended it. */
  readonly gone: AbortSignal;
  /** Writes something, so that a client that vanished is found out. */
  ping(): void;
  /** Says good-bye and closes when everything is written. */
  end(): void;
}

export function serveSpdy(socket: Duplex, onStream: (stream: SpdyStream) => void): SpdyConnection {
  return new ServerConnection(socket, onStream);
}

class ServerConnection implements SpdyConnection {
  readonly #socket: Duplex;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #writer = createHeaderWriter();
  readonly #gone = new AbortController();
  #lastId = 0;
  /** Pings of a server are even. */
  #pingId = 2;

  constructor(socket: Duplex, onStream: (stream: SpdyStream) => void) {
    this.#socket = socket;
    this.#onStream = onStream;
    socket.on("error", () => undefined);
    socket.once("close", () => this.#close());
    void this.#run();
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  ping(): void {
    this.#write(ping(this.#pingId));
    this.#pingId = (this.#pingId % 0x4000_0000) + 2;
  }

  end(): void {
    this.#write(goAway(this.#lastId));
    this.#socket.end();
  }

  async #run(): Promise<void> {
    const headers = createHeaderReader();
    try {
      for await (const frame of readFrames(this.#socket, headers)) {
        await this.#handle(frame);
        // Answers to a client that reads none must not pile up.
        if (this.#socket.writableNeedDrain) await drained(this.#socket);
      }
    } catch (error) {
      if (error instanceof SpdyError) this.#write(goAway(this.#lastId));
    } finally {
      headers.close();
      this.#socket.destroy();
      this.#close();
    }
  }

  #handle(frame: Frame): Promise<void> | undefined {
    switch (frame.kind) {
      case "syn-stream":
        return this.#open(frame.streamId, frame.headers, frame.isLast);
      case "data":
        if (frame.streamId > this.#lastId) throw new SpdyError("data on a stream nobody opened");
        return this.#streams.get(frame.streamId)?.accept(frame.bytes, frame.isLast);
      case "rst-stream":
        this.#streams.get(frame.streamId)?.cut();
        return undefined;
      case "ping":
        // An even one is the answer to ours.
        if (frame.id % 2 === 1) this.#write(ping(frame.id));
        return undefined;
      case "syn-reply":
      case "headers":
      case "settings":
      case "window-update":
      case "go-away":
        // The connection ends when its client closes it.
        return undefined;
    }
  }

  #open(id: number, headers: HeaderBlock, isLast: boolean): undefined {
    if (id % 2 === 0 || id <= this.#lastId) throw new SpdyError(`stream ${id} out of turn`);
    this.#lastId = id;
    if (this.#streams.size >= STREAMS_MAX) {
      this.#write(rstStream(id, RESET_STATUS.REFUSED_STREAM));
      return;
    }
    const stream = new SpdyStream(headers, {
      send: (bytes, isEnd, done) => this.#send(id, bytes, isEnd, done),
      reset: () => this.#write(rstStream(id, RESET_STATUS.CANCEL)),
    });
    this.#streams.set(id, stream);
    stream.once("close", () => this.#streams.delete(id));
    this.#write(synReply(id, this.#writer));
    if (isLast) void stream.accept(Buffer.alloc(0), true);
    this.#onStream(stream);
  }

  #send(id: number, bytes: Buffer, isLast: boolean, done: () => void): void {
    const rest = bytes.subarray(DATA_BYTES_MAX);
    const part = bytes.subarray(0, DATA_BYTES_MAX);
    const isEnd = isLast && rest.length === 0;
    const more = rest.length === 0 ? done : () => this.#send(id, rest, isLast, done);
    this.#write(dataHead(id, part.length, isEnd), part.length === 0 ? more : undefined);
    if (part.length > 0) this.#write(part, more);
  }

  /** Calls back at once when nobody is there to write to. */
  #write(bytes: Buffer, done: () => void = () => undefined): void {
    const socket = this.#socket;
    if (!socket.writable) return done();
    socket.write(bytes, () => done());
  }

  #close(): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort();
    for (const stream of this.#streams.values()) stream.cut();
  }
}

function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      socket.off("drain", settle);
      socket.off("close", settle);
      resolve();
    };
    socket.on("drain", settle);
    socket.on("close", settle);
  });
}
