// Commands over SPDY: one stream each for input, outputs, errors and sizes, which the client opens and names.
// Mirrors the kubelet's pkg/kubelet/cri/streaming/remotecommand/httpstream.go.

import { finished } from "node:stream/promises";

import { SECOND_MS } from "../../../core/index.ts";
import type { Clock } from "../../../core/index.ts";
import { serveSpdy } from "../spdy/spdy-connection.ts";
import type { SpdyConnection } from "../spdy/spdy-connection.ts";
import type { SpdyStream } from "../spdy/spdy-stream.ts";
import type { AcceptedSpdy } from "./accept-spdy.ts";
import type { CommandChannels } from "./command-channels.ts";
import type { CommandOptions } from "./command-options.ts";
import { statusText } from "./command-status.ts";
import { keepAlive } from "./keep-alive.ts";
import { terminalSizes } from "./terminal-size.ts";

export const SPDY_COMMAND_PROTOCOLS: readonly string[] = [
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
];

/** k8s.io/apimachinery pkg/util/remotecommand/constants.go (DefaultStreamCreationTimeout). */
const STREAMS_TIMEOUT_MS = 30 * SECOND_MS;

type Streams = ReadonlyMap<string, SpdyStream>;

/** Undefined when the client goes, or stays without opening the streams it asked for. */
export async function openSpdyCommand(
  { socket, protocol }: AcceptedSpdy,
  options: CommandOptions,
  clock: Clock,
): Promise<CommandChannels | undefined> {
  const isStructured = protocol === "v4.channel.k8s.io";
  const hasSizes = options.tty && (isStructured || protocol === "v3.channel.k8s.io");
  const expected = [
    "error",
    ...(options.stdin ? ["stdin"] : []),
    ...(options.stdout ? ["stdout"] : []),
    ...(options.stderr ? ["stderr"] : []),
    ...(hasSizes ? ["resize"] : []),
  ];
  const collector = collectStreams(expected);
  const connection = serveSpdy(socket, collector.take);
  keepAlive(clock, connection.gone, () => connection.ping());
  const timer = clock.setTimer(STREAMS_TIMEOUT_MS, () => connection.end());
  const streams = await Promise.race([collector.complete, aborted(connection.gone)]);
  timer.cancel();
  return streams && channelsOf(connection, streams, isStructured);
}

function collectStreams(expected: readonly string[]) {
  const streams = new Map<string, SpdyStream>();
  let finish = (_streams: Streams): void => undefined;
  const complete = new Promise<Streams>((resolve) => (finish = resolve));
  const take = (stream: SpdyStream): void => {
    const type = stream.headers.get("streamtype") ?? "";
    if (!expected.includes(type) || streams.has(type)) {
      stream.destroy();
      return;
    }
    streams.set(type, stream);
    if (streams.size === expected.length) finish(streams);
  };
  return { take, complete };
}

export function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const settle = (): void => resolve(undefined);
    if (signal.aborted) settle();
    else signal.addEventListener("abort", settle, { once: true });
  });
}

function channelsOf(
  connection: SpdyConnection,
  streams: Streams,
  isStructured: boolean,
): CommandChannels {
  const [stdin, stdout, stderr] = ["stdin", "stdout", "stderr"].map((name) => streams.get(name));
  const resize = streams.get("resize");
  // Nothing is read from outputs, but their end is to be seen.
  for (const one of [stdout, stderr, streams.get("error")]) one?.resume();
  return {
    streams: {
      ...(stdin === undefined ? {} : { stdin }),
      ...(stdout === undefined ? {} : { stdout }),
      ...(stderr === undefined ? {} : { stderr }),
      ...(resize === undefined ? {} : { onResize: terminalSizes(resize) }),
    },
    gone: connection.gone,
    async finish(status) {
      const error = streams.get("error");
      error?.end(statusText(status, isStructured));
      if (error !== undefined) await finished(error, { readable: false }).catch(() => undefined);
      connection.end();
    },
  };
}
