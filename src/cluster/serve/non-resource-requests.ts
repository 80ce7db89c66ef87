// Requests outside resources: health, version, metrics, discovery, OpenAPI and OpenID.

import { parseAccept } from "./accept.ts";
import type { Exchange } from "./exchange.ts";
import { answerHealth } from "./health.ts";
import { methodNotAllowed } from "./not-served.ts";
import { answerOpenId, OPEN_ID_PATHS } from "./open-id.ts";
import { answerText, indented, JSON_TYPE, PAGE_NOT_FOUND } from "./respond.ts";
import type { ServerContext } from "./server-context.ts";
import { VERSION } from "./version.ts";

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What anybody may ask: nothing in it is worth hiding, and probes have no credentials. */
export function isPublic({ path }: Exchange): boolean {
  return /^\/(healthz|livez|readyz)(\/|$)/.test(path) || path === "/version";
}

export async function handleNonResource(server: ServerContext, exchange: Exchange): Promise<void> {
  if (exchange.method !== "GET") throw methodNotAllowed();
  if (answerHealth(exchange, server.health)) return;
  const path = exchange.path.replace(/(.)\/$/, "$1");
  if (path === "/version") {
    exchange.answer(200, { "content-type": JSON_TYPE }, indented(VERSION));
  } else if (path === "/metrics") {
    exchange.answer(200, { "content-type": METRICS_TYPE }, server.metrics.text());
  } else if (path === "/") {
    exchange.answer(200, { "content-type": JSON_TYPE }, indented({ paths: rootPaths(server) }));
  } else if (path.startsWith("/openapi/")) {
    server.openApi.answer(exchange, path);
  } else if (path === "/api" || path === "/apis" || /^\/apis?\//.test(path)) {
    server.discovery.answer(exchange, path, parseAccept(exchange.header("accept")));
  } else if (!answerOpenId(exchange, path, server.api.tokens, server.url())) {
    answerText(exchange, 404, PAGE_NOT_FOUND);
  }
}

function rootPaths({ discovery }: ServerContext): readonly string[] {
  const fixed = [
    "/healthz",
    "/livez",
    "/metrics",
    "/openapi/v2",
    "/openapi/v3",
    "/readyz",
    "/version",
  ];
  return [...discovery.paths(), ...OPEN_ID_PATHS, ...fixed].toSorted();
}
