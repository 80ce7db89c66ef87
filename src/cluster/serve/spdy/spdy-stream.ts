// One stream of a SPDY connection, as a Duplex that each end closes for itself.

import { Duplex } from "node:stream";

import type { HeaderBlock } from "./frame.ts";

/** Unread bytes of one stream after which the whole connection waits: SPDY has no windows here. */
const UNREAD_BYTES_MAX = 256 * 1024;

export interface StreamLine {
  /** Calls back when the bytes are on their way. */
  send(bytes: Buffer, isLast: boolean, done: () => void): void;
  reset(): void;
}

export class SpdyStream extends Duplex {
  readonly headers: HeaderBlock;
  readonly #line: StreamLine;
  #onWanted: (() => void) | undefined;
  #isReset = false;

  constructor(headers: HeaderBlock, line: StreamLine) {
    super({ readableHighWaterMark: UNREAD_BYTES_MAX, allowHalfOpen: true });
    this.headers = headers;
    this.#line = line;
    // Whoever holds the stream sees it close; an error has no other reader.
    this.on("error", () => undefined);
  }

  /** Resolves when there is room for more. */
  accept(bytes: Buffer, isLast: boolean): Promise<void> | undefined {
    if (this.destroyed || this.readableEnded) return undefined;
    const hasRoom = bytes.length === 0 || this.push(bytes);
    if (isLast) this.push(null);
    if (hasRoom || isLast) return undefined;
    return new Promise((resolve) => (this.#onWanted = resolve));
  }

  /** The other end has cut the stream; nothing is said back. */
  cut(): void {
    this.#isReset = true;
    this.destroy();
  }

  override _read(): void {
    this.#onWanted?.();
    this.#onWanted = undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#line.send(chunk, false, done);
  }

  override _final(done: () => void): void {
    this.#line.send(Buffer.alloc(0), true, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this._read();
    const isOver = this.readableEnded && this.writableFinished;
    if (!isOver && !this.#isReset) this.#line.reset();
    done(error);
  }
}
