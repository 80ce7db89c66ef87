// The port that takes OTLP from the apps and answers questions about it: beside the Kubernetes API, on the loopback
// address, with the same token. Mirrors opentelemetry.io/docs/specs/otlp, "OTLP/HTTP".

import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Clock } from "../../core/index.ts";
import { receiveOtlp } from "./receive-otlp.ts";
import { scrapeConfiguration, type ScrapeTarget } from "./scrape-configuration.ts";
import { answerQuery } from "./telemetry-queries.ts";
import type { TelemetryStore } from "./telemetry-store.ts";

export interface TelemetryServerOptions {
  readonly store: TelemetryStore;
  readonly clock: Clock;
  /** 0 picks a free one; OTLP's own is 4318. */
  readonly port: number;
  /** Asked of everybody, as `Authorization: Bearer …`. */
  readonly token: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Where metrics are served, for the configuration of a real Prometheus; asked each time. */
  readonly scrapeTargets?: () => Promise<readonly ScrapeTarget[]>;
}

export interface RunningTelemetryServer {
  /** `http://127.0.0.1:4318`. */
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export interface TelemetryAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

export const OTLP_PORT = 4318;
const LOOPBACK = "127.0.0.1";

export async function serveTelemetry(
  options: TelemetryServerOptions,
): Promise<RunningTelemetryServer> {
  const { host = LOOPBACK, port, token } = options;
  const server = createServer((request, response) => void respond(request, response, options));
  await listen(server, port, host);
  // A listening TCP server has an AddressInfo; only pipes have a string.
  const address = server.address() as AddressInfo;
  return { url: `http://${host}:${address.port}`, token, close: () => close(server) };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: TelemetryServerOptions,
): Promise<void> {
  const { status, type, body } = await answer(request, options).catch(() =>
    // A sender that went away in the middle, or our mistake: neither may end the platform.
    text(500, "the request could not be read"),
  );
  // A body that was refused unread would be taken for the next request.
  const connection = request.complete ? {} : { connection: "close" };
  response.writeHead(status, { "content-type": type, ...connection }).end(body);
}

async function answer(
  request: IncomingMessage,
  options: TelemetryServerOptions,
): Promise<TelemetryAnswer> {
  const { store, clock, token, scrapeTargets } = options;
  if (!isAuthorised(request, token)) return text(401, "send the token as Authorization: Bearer");
  const path = request.url ?? "/";
  if (!URL.canParse(path, "http://telemetry")) return text(400, "the address is malformed");
  const url = new URL(path, "http://telemetry");
  if (request.method === "POST")
    return (await receiveOtlp(request, url.pathname, store)) ?? text(404, "nothing is sent here");
  if (request.method !== "GET") return text(405, "only GET and POST");
  if (url.pathname === "/prometheus.yml")
    return text(200, scrapeConfiguration((await scrapeTargets?.()) ?? []));
  const found = answerQuery(url, store, clock.now());
  return found === undefined
    ? text(404, "ask /traces, /metrics, /logs or /prometheus.yml")
    : { status: 200, type: "application/json", body: `${JSON.stringify(found)}\n` };
}

function isAuthorised({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function text(status: number, body: string): TelemetryAnswer {
  return {
    status,
    type: "text/plain; charset=utf-8",
    body: body.endsWith("\n") ? body : `${body}\n`,
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) =>
    server.close((error) => (error ? reject(error) : resolve())),
  );
}
