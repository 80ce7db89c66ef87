// Several streams over one WebSocket: the first byte of a message (or its first digit, where the rest is base64) says which one
// it belongs to. Mirrors k8s.io/apimachinery pkg/util/httpstream/wsstream/conn.go and, for version 5, the close signal of
// k8s.io/client-go tools/remotecommand/websocket.go.

import { Readable, Writable } from "node:stream";
import type { WebSocket } from "ws";

import type { Clock } from "../../../core/index.ts";
import type { AcceptedWebSocket } from "./accept-websocket.ts";
import { keepAlive } from "./keep-alive.ts";

export interface WebSocketChannels {
  /** What the client says on a channel. */
  input(channel: number): Readable;
  /** What the client hears on a channel. */
  output(channel: number): Writable;
  readonly gone: AbortSignal;
  close(): void;
}

/** Followed by the number of a channel the client says no more on. */
const CLOSE_SIGNAL = 255;
const FIRST_DIGIT = "0".charCodeAt(0);
/** Unread bytes of one channel after which the whole connection waits. */
const UNREAD_BYTES_MAX = 256 * 1024;
const NORMAL_CLOSURE = 1000;
/** A client that does not answer the good-bye is cut. */
const CLOSE_TIMEOUT_MS = 5000;

export function openChannels(
  { socket, protocol }: AcceptedWebSocket,
  clock: Clock,
): WebSocketChannels {
  const gone = new AbortController();
  const inputs = new Map<number, ChannelInput>();
  const isText = protocol.includes("base64.");
  const resume = (): void => {
    if ([...inputs.values()].every((input) => !input.isFull)) socket.resume();
  };
  socket.on("message", (data: Buffer) => {
    const [channel, bytes] = split(data, isText);
    const isClose = channel === CLOSE_SIGNAL && protocol.startsWith("v5.");
    if (isClose) return inputs.get(bytes[0] ?? -1)?.end();
    if (inputs.get(channel)?.accept(bytes) === false) socket.pause();
  });
  socket.once("close", () => {
    gone.abort();
    for (const input of inputs.values()) input.end();
  });
  keepAlive(clock, gone.signal, () => socket.ping());
  return {
    gone: gone.signal,
    input(channel) {
      const input = new ChannelInput(resume);
      inputs.set(channel, input);
      return input;
    },
    output: (channel) => createOutput(socket, channel, isText),
    close() {
      socket.close(NORMAL_CLOSURE);
      const timer = clock.setTimer(CLOSE_TIMEOUT_MS, () => socket.terminate());
      socket.once("close", () => timer.cancel());
      // Its answer waits behind what nobody reads any more.
      for (const input of inputs.values()) input.destroy();
      socket.resume();
    },
  };
}

function split(data: Buffer, isText: boolean): readonly [channel: number, bytes: Buffer] {
  const [first = -1] = data;
  const rest = data.subarray(1);
  if (!isText) return [first, rest];
  return [first - FIRST_DIGIT, Buffer.from(rest.toString("latin1"), "base64")];
}

class ChannelInput extends Readable {
  readonly #onWanted: () => void;
  isFull = false;
  #isOver = false;

  constructor(onWanted: () => void) {
    super({ highWaterMark: UNREAD_BYTES_MAX });
    this.#onWanted = onWanted;
  }

  /** Whether there is room for more. */
  accept(bytes: Buffer): boolean {
    if (this.destroyed || this.#isOver || bytes.length === 0) return true;
    this.isFull = !this.push(bytes);
    return !this.isFull;
  }

  end(): void {
    this.isFull = false;
    if (this.#isOver || this.destroyed) return;
    this.#isOver = true;
    this.push(null);
  }

  override _read(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.#onWanted();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.isFull = false;
    this.#onWanted();
    done(error);
  }
}

function createOutput(socket: WebSocket, channel: number, isText: boolean): Writable {
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const message = isText
        ? String.fromCharCode(FIRST_DIGIT + channel) + chunk.toString("base64")
        : Buffer.concat([Buffer.from([channel]), chunk]);
      // A client that has gone hears nothing, and nobody needs to know here.
      socket.send(message, () => done());
    },
  });
  output.on("error", () => undefined);
  return output;
}
