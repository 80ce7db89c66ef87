// The HTTP server: finds the route, opens the span, counts, logs, and ends without losing a request.

import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type { ShopCache } from "../shop-cache.ts";
import { OrdersAbsentError } from "../shop.ts";
import { log, messageOf } from "../telemetry/log.ts";
import { activeRequests, openConnections, requestDuration } from "../telemetry/metrics.ts";
import { recordFailure, traced } from "../telemetry/traced.ts";
import { HttpError, json, wantsPage, type Answer } from "./exchange.ts";
import type { Route } from "./routes.ts";
import { isForeign, sessionCookie } from "./session-cookie.ts";

export interface ServeOptions {
  readonly host: string | undefined;
  readonly port: number;
  readonly routes: readonly Route[];
  readonly cache: ShopCache | undefined;
  readonly serveMetrics: RequestListener;
  /** Called for every request of a visitor who is known by a cookie, or will be. */
  readonly onVisit: (session: string) => void;
}

export interface RunningServer {
  /** `http://host:port` as the process itself reaches it. */
  readonly url: string;
  /** Still answers, and asks clients to let go of their connections. */
  drain(): void;
  /** Lets requests under way finish, for at most `withinMs`. */
  close(withinMs: number): Promise<void>;
}

const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
};

export async function serveShop(options: ServeOptions): Promise<RunningServer> {
  const table = options.routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  let isDraining = false;
  const server = createServer((request, response) => {
    // A connection that is kept would outlive the drain.
    if (isDraining) response.setHeader("connection", "close");
    const url = urlOf(request);
    if (url?.pathname === "/metrics") return options.serveMetrics(request, response);
    void respond(request, response, url, table, options);
  });
  server.on("connection", (socket) => {
    openConnections.add(1);
    socket.once("close", () => openConnections.add(-1));
  });
  await listen(server, options);
  return {
    url: addressOf(server),
    drain: () => {
      isDraining = true;
    },
    close: (withinMs) => close(server, withinMs),
  };
}

interface TableEntry {
  readonly route: Route;
  readonly pattern: RegExp;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL | undefined,
  table: readonly TableEntry[],
  options: ServeOptions,
): Promise<void> {
  if (url === undefined) return send(response, json(400, { error: "the address is malformed" }));
  const found = findRoute(table, request.method ?? "GET", url.pathname);
  const path = found.entry?.route.path;
  if (found.entry?.route.isQuiet === true)
    return send(response, await answer(request, url, found, options));
  const method = request.method ?? "GET";
  const about = {
    name: path === undefined ? method : `${method} ${path}`,
    kind: SpanKind.SERVER,
    attributes: {
      "http.request.method": method,
      "url.path": url.pathname,
      ...(path === undefined ? {} : { "http.route": path }),
    },
  };
  const origin = propagation.extract(context.active(), request.headers);
  const startedMs = performance.now();
  const counted = { "http.request.method": method };
  activeRequests.add(1, counted);
  await context.with(origin, () =>
    traced(about, async (span) => {
      const result = await answer(request, url, found, options);
      span.setAttribute("http.response.status_code", result.status);
      if (result.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      await send(response, result);
      const seconds = (performance.now() - startedMs) / 1000;
      recordRequest(method, path, result.status, seconds);
      log.info("request", {
        method,
        path: url.pathname,
        status: result.status,
        seconds: Number(seconds.toFixed(4)),
      });
    }),
  );
  activeRequests.add(-1, counted);
}

function recordRequest(
  method: string,
  path: string | undefined,
  status: number,
  seconds: number,
): void {
  requestDuration.record(seconds, {
    "http.request.method": method,
    "http.response.status_code": status,
    ...(path === undefined ? {} : { "http.route": path }),
    ...(status >= 500 ? { "error.type": String(status) } : {}),
  });
}

interface Found {
  readonly entry?: TableEntry;
  readonly match?: RegExpExecArray;
  /** The path exists with other methods. */
  readonly allow: readonly string[];
}

function findRoute(table: readonly TableEntry[], method: string, pathname: string): Found {
  const allow: string[] = [];
  for (const entry of table) {
    const match = entry.pattern.exec(pathname);
    if (match === null) continue;
    const wanted = method === "HEAD" ? "GET" : method;
    if (entry.route.method === wanted) return { entry, match, allow };
    allow.push(entry.route.method);
  }
  return { allow };
}

async function answer(
  request: IncomingMessage,
  url: URL,
  { entry, match, allow }: Found,
  { cache, onVisit }: ServeOptions,
): Promise<Answer> {
  try {
    if (entry === undefined) return notFound(allow);
    const parameters = match?.groups ?? {};
    if (entry.route.isQuiet === true)
      return await entry.route.handle({ request, url, parameters, sessionId: "", session: {} });
    if (entry.route.method === "POST" && isForeign(request))
      throw new HttpError(403, "the form belongs to another site");
    const cookie = sessionCookie(request);
    // A program that keeps no cookies would be a new visitor with every request.
    const isPerson = cookie.setCookie === undefined || wantsPage(request);
    if (isPerson) onVisit(cookie.id);
    const session = cookie.setCookie === undefined ? await cache?.session(cookie.id) : undefined;
    const about = { request, url, parameters, sessionId: cookie.id, session: session ?? {} };
    const result = await entry.route.handle(about);
    if (cookie.setCookie === undefined || !isPerson) return result;
    return { ...result, headers: { ...result.headers, "set-cookie": cookie.setCookie } };
  } catch (error) {
    return refusal(error);
  }
}

function notFound(allow: readonly string[]): Answer {
  if (allow.length === 0) return json(404, { error: "there is nothing here" });
  return json(405, { error: "not with this method" }, { allow: allow.join(", ") });
}

function refusal(error: unknown): Answer {
  if (error instanceof HttpError) return json(error.status, { error: error.message });
  const span = trace.getActiveSpan();
  if (span !== undefined) recordFailure(span, error);
  log.error("request failed", { error: messageOf(error) });
  const reason = error instanceof OrdersAbsentError ? error.message : "a back end did not answer";
  return json(503, { error: reason }, { "retry-after": "5" });
}

async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers });
  if (body instanceof Readable) {
    // A client that leaves early is no failure of ours.
    await pipeline(body, response).catch(() => response.destroy());
    return;
  }
  response.end(body);
}

/** `/orders/:id` → a pattern with a group `id`. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
}

function urlOf({ url = "/" }: IncomingMessage): URL | undefined {
  return URL.canParse(url, "http://shop") ? new URL(url, "http://shop") : undefined;
}

function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  // A listening TCP server has an AddressInfo; only pipes have a string.
  const { address, port } = server.address() as AddressInfo;
  const host = address === "::" || address === "0.0.0.0" ? "127.0.0.1" : address;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function close(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
