// What a connection may make the server wait for and hold. Where Kubernetes has a limit of its own (k8s.io/apiserver
// pkg/server/secure_serving.go: headers of 1 MiB within 32 s, 90 s idle), ours is as strict or stricter, but for idle
// connections, which Go clients close themselves after 90 s.

import { SECOND_MS } from "../../core/index.ts";

export interface SocketLimits {
  /** More are told to come back; a thousand above it they are not even heard. */
  readonly connectionsMax: number;
  readonly headerBytesMax: number;
  /** Also how long a TLS handshake may take. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  /** An answer whose client has not taken it by then is cut, as by `--request-timeout`. */
  readonly answerTimeoutMs: number;
  /** Connections without a request are closed. */
  readonly idleTimeoutMs: number;
  /** Of one stream. */
  readonly unreadBytesMax: number;
  /** Of all clients together; whoever has let it wait longest is cut first. */
  readonly unreadTotalBytesMax: number;
}

const MIB = 1024 * 1024;

const DEFAULTS: SocketLimits = {
  connectionsMax: 25_000,
  headerBytesMax: 64 * 1024,
  headersTimeoutMs: 10 * SECOND_MS,
  bodyTimeoutMs: 30 * SECOND_MS,
  answerTimeoutMs: 60 * SECOND_MS,
  idleTimeoutMs: 180 * SECOND_MS,
  unreadBytesMax: 32 * MIB,
  unreadTotalBytesMax: 512 * MIB,
};

export function socketLimits(options: Partial<SocketLimits> = {}): SocketLimits {
  return { ...DEFAULTS, ...options };
}
