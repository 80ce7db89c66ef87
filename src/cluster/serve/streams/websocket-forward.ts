// Ports over WebSocket: two channels for each port that is asked for, one for its bytes and one for errors, and each says its
// port first. Mirrors the kubelet's pkg/kubelet/cri/streaming/portforward/websocket.go.

import type { Clock } from "../../../core/index.ts";
import { badRequest } from "../../api/refusals.ts";
import type { AcceptedWebSocket } from "./accept-websocket.ts";
import { joinPort } from "./join-port.ts";
import type { PortTarget } from "./join-port.ts";
import { openChannels } from "./websocket-channels.ts";

export const WEBSOCKET_FORWARD_PROTOCOLS: readonly string[] = [
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
];

/** A message's first byte counts channels, two for each port. */
const PORTS_MAX = 100;

export function readPorts(query: URLSearchParams): readonly number[] {
  const given = query.getAll("ports");
  if (given.length === 0) throw badRequest('query parameter "port" is required');
  if (given.includes("")) throw badRequest('query parameter "port" cannot be empty');
  const ports = given.flatMap((text) => text.split(",")).map(readPort);
  if (ports.length > PORTS_MAX) throw badRequest(`at most ${PORTS_MAX} ports can be forwarded`);
  return ports;
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port === 0) throw badRequest(`port ${JSON.stringify(text)} must be > 0`);
  if (port > 0 && port <= 0xffff) return port;
  throw badRequest(`unable to parse ${JSON.stringify(text)} as a port`);
}

export async function forwardWebSocket(
  accepted: AcceptedWebSocket,
  target: Pick<PortTarget, "agent" | "pod">,
  ports: readonly number[],
  clock: Clock,
): Promise<void> {
  const channels = openChannels(accepted, clock);
  const joined = ports.map((port, index) => {
    const input = channels.input(2 * index);
    const output = channels.output(2 * index);
    const errors = channels.output(2 * index + 1);
    channels.gone.addEventListener("abort", () => output.destroy(), { once: true });
    for (const channel of [output, errors]) channel.write(portBytes(port));
    return joinPort({ ...target, port }, { input, output, errors });
  });
  await Promise.all(joined);
  channels.close();
}

function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  return bytes;
}
