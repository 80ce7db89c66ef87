// The HTTP and HTTPS ports of a platform on a laptop. Routes for real: host and path → route → Service → a ready endpoint.
// Pods that run as processes are asked, simulated pods answer for themselves.

import { Agent, createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import type { Clock, Rng } from "../../core/index.ts";
import { createEndpointChoice, type IngressBackend } from "./endpoint-choice.ts";
import { createRateLimits } from "./rate-limits.ts";
import { createRequestHandler, type RequestHandler } from "./request-handler.ts";
import type { HostAlias } from "./request-facts.ts";
import type { OnSpan } from "./request-span.ts";

export interface IngressOptions {
  /** 0 picks a free port. */
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly clock: Clock;
  /** Draws the ids of traces. */
  readonly rng: Rng;
  /** PEM; without them there is no HTTPS port. */
  readonly certificate?: { readonly certPem: string; readonly keyPem: string };
  readonly aliases?: readonly HostAlias[];
  /** Told of every request when it has been answered. */
  readonly onSpan?: OnSpan;
}

export interface RunningIngress {
  readonly httpPort: number;
  readonly httpsPort?: number;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** As nginx has them: 32 kB of header fields, a minute for them to arrive, connections kept for 75 s. */
const SERVER_OPTIONS: ServerOptions = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 60_000,
  // Uploads take as long as they take; a client that stops sending is cut off by its silence.
  requestTimeout: 0,
  keepAliveTimeout: 75_000,
  noDelay: true,
};

export async function serveIngress(
  backends: readonly IngressBackend[],
  options: IngressOptions,
): Promise<RunningIngress> {
  const { clock, rng, aliases = [], onSpan, certificate } = options;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, scheduling: "lifo" });
  let ports: { http: number; https?: number } = { http: options.httpPort };
  const handler = createRequestHandler({
    backends,
    choice: createEndpointChoice(),
    limits: createRateLimits(clock),
    ports: () => ports,
    agent,
    clock,
    rng,
    aliases,
    ...(onSpan === undefined ? {} : { onSpan }),
  });
  const http = await listen(attach(createServer(SERVER_OPTIONS), handler, false), options.httpPort);
  ports = { http: portOf(http) };
  const https =
    certificate &&
    (await listen(
      attach(
        createTlsServer({ ...SERVER_OPTIONS, cert: certificate.certPem, key: certificate.keyPem }),
        handler,
        true,
      ),
      options.httpsPort,
    ).catch(async (error: unknown) => {
      await close(http);
      throw error;
    }));
  if (https !== undefined) ports = { ...ports, https: portOf(https) };
  return {
    httpPort: portOf(http),
    ...(https === undefined ? {} : { httpsPort: portOf(https) }),
    close: async () => {
      await close(http);
      if (https !== undefined) await close(https);
      agent.destroy();
    },
  };
}

function attach<S extends Server>(server: S, handler: RequestHandler, tls: boolean): S {
  server.on("request", (request, response) => handler.request(request, response, { tls }));
  server.on("checkContinue", (request, response) =>
    handler.request(request, response, { tls, waits: true }),
  );
  server.on("upgrade", (request, socket, head) => handler.upgrade(request, socket, head, { tls }));
  return server;
}

function listen<S extends Server>(server: S, port: number): Promise<S> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

// A listening TCP server has an AddressInfo; only pipes have a string.
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) =>
    server.close((error) => (error ? reject(error) : resolve())),
  );
  server.closeAllConnections();
  return closed;
}
