// Ports over SPDY: the client opens a stream for errors and one for bytes for every connection it takes, and names the port and
// the connection in their headers. Mirrors the kubelet's pkg/kubelet/cri/streaming/portforward/httpstream.go.

import type { Duplex } from "node:stream";

import { SECOND_MS } from "../../../core/index.ts";
import type { Clock, Timer } from "../../../core/index.ts";
import { serveSpdy } from "../spdy/spdy-connection.ts";
import type { SpdyStream } from "../spdy/spdy-stream.ts";
import { joinPort } from "./join-port.ts";
import type { PortTarget } from "./join-port.ts";
import { keepAlive } from "./keep-alive.ts";
import { aborted } from "./spdy-command.ts";

export const FORWARD_PROTOCOL = "portforward.k8s.io";
/** What kubectl since 1.31 calls SPDY inside a WebSocket: KEP-4006. */
export const TUNNEL_PROTOCOL = `SPDY/3.1+${FORWARD_PROTOCOL}`;

/** The kubelet's (server.go, DefaultStreamCreationTimeout). */
const PAIR_TIMEOUT_MS = 30 * SECOND_MS;

interface Waiting {
  readonly type: string;
  readonly stream: SpdyStream;
  readonly timer: Timer;
}

type ForwardTarget = Pick<PortTarget, "agent" | "pod">;

/** Resolves when the client has gone. */
export async function forwardSpdy(
  socket: Duplex,
  target: ForwardTarget,
  clock: Clock,
): Promise<void> {
  const pairs = new StreamPairs(clock, (port, data, errors) => {
    errors.resume();
    void joinPort({ ...target, port }, { input: data, output: data, errors });
  });
  const connection = serveSpdy(socket, (stream) => pairs.take(stream));
  keepAlive(clock, connection.gone, () => connection.ping());
  await aborted(connection.gone);
  pairs.close();
}

/** Streams that wait for their other half. */
class StreamPairs {
  readonly #clock: Clock;
  readonly #onPair: (port: number, data: SpdyStream, errors: SpdyStream) => void;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock, onPair: (port: number, data: SpdyStream, errors: SpdyStream) => void) {
    this.#clock = clock;
    this.#onPair = onPair;
  }

  take(stream: SpdyStream): void {
    const port = Number(stream.headers.get("port"));
    const type = stream.headers.get("streamtype");
    const isKnown = type === "data" || type === "error";
    if (!isKnown || !Number.isInteger(port) || port < 1 || port > 0xffff) {
      stream.destroy();
      return;
    }
    const key = `${stream.headers.get("requestid") ?? ""} ${port}`;
    const other = this.#waiting.get(key);
    if (other === undefined) return this.#wait(key, type, stream);
    if (other.type === type) {
      // Two of one kind belong to nobody.
      stream.destroy();
      return;
    }
    this.#waiting.delete(key);
    other.timer.cancel();
    if (type === "data") this.#onPair(port, stream, other.stream);
    else this.#onPair(port, other.stream, stream);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) timer.cancel();
  }

  #wait(key: string, type: string, stream: SpdyStream): void {
    const timer = this.#clock.setTimer(PAIR_TIMEOUT_MS, () => {
      this.#waiting.delete(key);
      stream.destroy();
    });
    this.#waiting.set(key, { type, stream, timer });
  }
}
