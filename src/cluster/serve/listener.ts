// The socket: TLS with ALPN, so that one port speaks HTTP/2 and HTTP/1.1, on a loopback address only.

import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import type { Http2SecureServer, SecureServerOptions } from "node:http2";
import { isIP } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

import { invariant } from "../../core/index.ts";
import type { Clock } from "../../core/index.ts";
import type { Carrier } from "./carrier.ts";
import { trackExcess } from "./excess-connections.ts";
import type { Exchange } from "./exchange.ts";
import { Http1Carrier } from "./http1-carrier.ts";
import { Http2Carrier, takeStreams } from "./http2-carrier.ts";
import { closeIdleSessions } from "./idle-sessions.ts";
import { createExchange } from "./node-exchange.ts";
import type { SocketLimits } from "./socket-limits.ts";
import { createUnreadAnswers } from "./unread-answers.ts";
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
  readonly limits: SocketLimits;
  readonly onExchange: (exchange: Exchange) => Promise<void>;
  /** A request on a connection too many. */
  readonly onExcess: (exchange: Exchange) => void;
}

export interface Listener {
  readonly port: number;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/** Twice what the API server allows, because an idle watch costs little here. Bounds the watches of a connection. */
const STREAMS_PER_CONNECTION_MAX = 1000;
const HEADER_PAIRS_MAX = 128;
/** A client that goes on with a request that was refused unread is cut. */
const LINGER_MS = 1000;

export async function listen(options: ListenOptions): Promise<Listener> {
  const { host, port, clock, limits, onExchange, onExcess } = options;
  invariant(isLoopback(host), `the API is served on loopback addresses only, not on ${host}`);
  const context = {
    clock,
    bodyTimeoutMs: limits.bodyTimeoutMs,
    unread: createUnreadAnswers(limits, clock),
  };
  const take = (carrier: Carrier): void => {
    const exchange = createExchange(carrier, context);
    if (!excess.has(carrier.connection)) return void onExchange(exchange);
    carrier.endConnection();
    onExcess(exchange);
  };
  const server = createSecureServer(serverOptions(options));
  // Only HTTP/1.1 gets here, whatever Node's types say.
  server.on("request", (request: unknown, response: unknown) => {
    take(new Http1Carrier(request as IncomingMessage, response as ServerResponse));
  });
  takeStreams(server, (stream, headers, _flags, rawHeaders) => {
    take(new Http2Carrier(stream, headers, rawHeaders));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const exchange = createUpgradeExchange(request, socket, head, context);
    if (excess.has(socket)) onExcess(exchange);
    else void onExchange(exchange);
  });
  limitHttp1(server, limits);
  closeIdleSessions(server, limits.idleTimeoutMs, clock);
  const excess = trackExcess(server, limits.connectionsMax);
  const sockets = trackSockets(server, clock);
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

/** As Go's servers prefer them, which take AES-128 first (crypto/tls/defaults.go); OpenSSL takes AES-256. */
const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  ...["ECDSA", "RSA"].flatMap((key) => [
    `ECDHE-${key}-AES128-GCM-SHA256`,
    `ECDHE-${key}-AES256-GCM-SHA384`,
    `ECDHE-${key}-CHACHA20-POLY1305`,
  ]),
].join(":");

function serverOptions(options: ListenOptions): SecureServerOptions {
  const { limits } = options;
  return {
    allowHTTP1: true,
    cert: options.certificatePem,
    key: options.keyPem,
    ca: options.clientAuthorityPem,
    requestCert: true,
    // A client without a certificate may still have a token.
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ciphers: CIPHERS,
    // Node sets it for HTTP/2 alone; without it, what is sent in two steps over HTTP/1.1 waits for an acknowledgement.
    noDelay: true,
    handshakeTimeout: limits.headersTimeoutMs,
    maxHeaderListPairs: HEADER_PAIRS_MAX,
    settings: {
      maxConcurrentStreams: STREAMS_PER_CONNECTION_MAX,
      maxHeaderListSize: limits.headerBytesMax,
      enablePush: false,
    },
  };
}

/** What HTTP/1.1 connections of the server obey; Node's types leave these members out. */
interface Http1Limits {
  maxHeaderSize: number;
  headersTimeout: number;
  /** How often Node looks for connections whose time is up. */
  connectionsCheckingInterval: number;
  keepAliveTimeout: number;
}

function limitHttp1(server: Http2SecureServer, limits: SocketLimits): void {
  const own = server as unknown as Http1Limits;
  own.maxHeaderSize = limits.headerBytesMax;
  own.headersTimeout = limits.headersTimeoutMs;
  own.connectionsCheckingInterval = limits.headersTimeoutMs / 2;
  own.keepAliveTimeout = limits.idleTimeoutMs;
}

function trackSockets(server: Http2SecureServer, clock: Clock): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // Broken handshakes and resets are the client's affair.
  server.on("tlsClientError", () => {});
  server.on("sessionError", () => {});
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "HPE_HEADER_OVERFLOW") refuseHeaders(socket as Socket, clock);
    else socket.destroy();
  });
  return sockets;
}

/** In the words of Go's server; there is no request that could be answered. */
const HEADERS_TOO_LARGE = [
  "HTTP/1.1 431 Request Header Fields Too Large",
  "Content-Type: text/plain; charset=utf-8",
  "Connection: close",
  "",
  "431 Request Header Fields Too Large",
].join("\r\n");

/** What still comes is read, because a connection that is closed before takes its answer with it. */
function refuseHeaders(socket: Socket, clock: Clock): void {
  const timer = clock.setTimer(LINGER_MS, () => socket.destroy());
  socket.once("close", () => timer.cancel());
  socket.end(HEADERS_TOO_LARGE);
  socket.resume();
}
