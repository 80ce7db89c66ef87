// Commands over WebSocket: channels 0 to 2 are the standard streams, 3 tells the end, 4 the size of the terminal.
// Mirrors the kubelet's pkg/kubelet/cri/streaming/remotecommand/websocket.go and k8s.io/apiserver pkg/util/proxy/websocket.go.

import { finished } from "node:stream/promises";

import type { Clock } from "../../../core/index.ts";
import type { AcceptedWebSocket } from "./accept-websocket.ts";
import type { CommandChannels } from "./command-channels.ts";
import type { CommandOptions } from "./command-options.ts";
import { statusText } from "./command-status.ts";
import { terminalSizes } from "./terminal-size.ts";
import { openChannels } from "./websocket-channels.ts";

export const WEBSOCKET_COMMAND_PROTOCOLS: readonly string[] = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "channel.k8s.io",
  "base64.channel.k8s.io",
];

const [STDIN, STDOUT, STDERR, ERROR, RESIZE] = [0, 1, 2, 3, 4] as const;

export function openWebSocketCommand(
  accepted: AcceptedWebSocket,
  options: CommandOptions,
  clock: Clock,
): CommandChannels {
  const channels = openChannels(accepted, clock);
  const isStructured = /^v[45]\./.test(accepted.protocol);
  const errors = channels.output(ERROR);
  const stdout = options.stdout ? channels.output(STDOUT) : undefined;
  const stderr = options.stderr ? channels.output(STDERR) : undefined;
  // Clients wait for a first word on the lowest of these to know that they are connected.
  (stdout ?? stderr ?? errors).write(Buffer.alloc(0));
  return {
    streams: {
      ...(options.stdin ? { stdin: channels.input(STDIN) } : {}),
      ...(stdout === undefined ? {} : { stdout }),
      ...(stderr === undefined ? {} : { stderr }),
      ...(options.tty ? { onResize: terminalSizes(channels.input(RESIZE)) } : {}),
    },
    gone: channels.gone,
    async finish(status) {
      errors.end(statusText(status, isStructured));
      await finished(errors).catch(() => undefined);
      channels.close();
    },
  };
}
