// A connection that becomes something else, which is WebSocket: the endpoint agrees and both ends are joined, or its answer
// goes back and the connection ends. Requests to change into anything else are answered as ordinary ones.

import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import type { HostPort } from "../../cluster/index.ts";
import type { RequestHandling } from "../../model/index.ts";
import { changeHeaders, endToEnd, fieldsOf, withForwarded } from "./header-fields.ts";
import type { RequestFacts } from "./request-facts.ts";
import { formatTraceparent, type TraceContext } from "./request-span.ts";

export interface Upgrading {
  readonly request: IncomingMessage;
  readonly client: Duplex;
  /** What the client sent already. */
  readonly head: Buffer;
  readonly facts: RequestFacts;
  readonly handling: RequestHandling;
  readonly trace: TraceContext;
}

/** Without a word from either side; proxy_read_timeout of nginx cuts WebSockets too. */
const SILENCE_MAX_MS = 60_000;

/** The status that went back; undefined: this endpoint refused and another one may be asked. */
export function forwardUpgrade(at: HostPort, upgrading: Upgrading): Promise<number | undefined> {
  const { request, client, head } = upgrading;
  return new Promise((resolve) => {
    const upstream = httpRequest({
      host: at.host,
      port: at.port,
      method: request.method,
      path: targetOf(upgrading),
      // Node takes a flat list as it is; its types know objects only here.
      headers: headersOf(upgrading) as unknown as Record<string, string>,
      agent: false,
      setHost: false,
    });
    upstream.on("upgrade", (answer, socket, first) => {
      client.write(
        answerHead(answer, ["Connection", "Upgrade", "Upgrade", answer.headers.upgrade ?? ""]),
      );
      if (first.length > 0) client.write(first);
      if (head.length > 0) socket.write(head);
      socket.setTimeout(SILENCE_MAX_MS, () => socket.destroy());
      join(client, socket);
      resolve(101);
    });
    upstream.on("response", (answer) => {
      client.write(answerHead(answer, ["Connection", "close"]));
      answer.pipe(client);
      resolve(answer.statusCode ?? 502);
    });
    upstream.on("error", () => resolve(undefined));
    client.once("close", () => upstream.destroy());
    upstream.end();
  });
}

export function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

function targetOf({ facts, handling }: Upgrading): string {
  const path = handling.rewrite?.path;
  if (path === undefined) return facts.target;
  return facts.query === "" ? path : `${path}?${facts.query}`;
}

function headersOf({ request, facts, handling, trace }: Upgrading): string[] {
  const forwarded = withForwarded(endToEnd(request.rawHeaders, ["host", "traceparent"]), {
    ...facts,
    host: facts.hostField,
    forwardedFor: handling.forwardedFor ?? "append",
  });
  return [
    "Host",
    handling.rewrite?.host ?? facts.hostField,
    ...changeHeaders(forwarded, handling.requestHeaders),
    "Traceparent",
    formatTraceparent(trace),
    ...(isWebSocket(request) ? ["Connection", "Upgrade", "Upgrade", "websocket"] : []),
  ];
}

function answerHead(answer: IncomingMessage, connection: readonly string[]): string {
  const fields = fieldsOf([...endToEnd(answer.rawHeaders), ...connection]);
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

function join(client: Duplex, upstream: Duplex): void {
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on("error", () => to.destroy());
    from.once("close", () => to.destroy());
    from.pipe(to);
  }
}
