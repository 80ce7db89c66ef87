// The socket: TLS with ALPN, so that one port speaks HTTP/2 and HTTP/1.1, on a loopback address only.

import type { IncomingMessage } from "node:http";
import { createSecureServer } from "node:http2";
import type { Http2SecureServer, SecureServerOptions } from "node:http2";
import { isIP } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

import { invariant } from "../../core/index.ts";
import type { Clock } from "../../core/index.ts";
import type { Exchange } from "./exchange.ts";
import { createExchange } from "./node-exchange.ts";
import { createUpgradeExchange } from "./upgrade-exchange.ts";

export interface ListenOptions {
  /** A loopback address. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Client certificates signed by this authority identify their holder. */
  readonly clientAuthorityPem: string;
  /** Real time. */
  readonly clock: Clock;
  readonly onExchange: (exchange: Exchange) => Promise<void>;
}

export interface Listener {
  readonly port: number;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** Twice what the API server allows, because an idle watch costs little here. Bounds the watches of a connection. */
const STREAMS_PER_CONNECTION_MAX = 1000;
const HEADER_BYTES_MAX = 64 * 1024;
const HEADER_PAIRS_MAX = 128;
/** A client that has not finished its headers by then is cut. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Above the 90 s after which Go clients close idle connections. */
const KEEP_ALIVE_TIMEOUT_MS = 180_000;

export async function listen(options: ListenOptions): Promise<Listener> {
  const { host, port, clock, onExchange } = options;
  invariant(isLoopback(host), `the API is served on loopback addresses only, not on ${host}`);
  const server = createSecureServer(serverOptions(options), (request, response) => {
    void onExchange(createExchange(request, response, clock));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void onExchange(createUpgradeExchange(request, socket, head, clock));
  });
  limitTimes(server);
  const sockets = trackSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  // A bound TCP server has an address record.
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "::1" || host === "localhost";
}

function serverOptions(options: ListenOptions): SecureServerOptions {
  return {
    allowHTTP1: true,
    cert: options.certificatePem,
    key: options.keyPem,
    ca: options.clientAuthorityPem,
    requestCert: true,
    // A client without a certificate may still have a token.
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    maxHeaderListPairs: HEADER_PAIRS_MAX,
    settings: {
      maxConcurrentStreams: STREAMS_PER_CONNECTION_MAX,
      maxHeaderListSize: HEADER_BYTES_MAX,
      enablePush: false,
    },
  };
}

/** What HTTP/1.1 connections of the server obey; Node's types leave these members out. */
interface HttpTimes {
  headersTimeout: number;
  keepAliveTimeout: number;
}

function limitTimes(server: Http2SecureServer): void {
  const times = server as unknown as HttpTimes;
  times.headersTimeout = HEADERS_TIMEOUT_MS;
  times.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
}

function trackSockets(server: Http2SecureServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // Broken handshakes and resets are the client's affair.
  server.on("tlsClientError", () => {});
  server.on("sessionError", () => {});
  server.on("clientError", (_error, socket) => void socket.destroy());
  return sockets;
}
