// Requests and answers from one side of a proxy to the other, with the header fields of one connection left out.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { endToEnd } from "../../ingress/header-fields.ts";
import { framing, type RequestBody } from "../../ingress/request-body.ts";
import { formatTraceparent, type TraceContext } from "../../ingress/request-span.ts";

export function headersFor(
  request: IncomingMessage,
  body: RequestBody,
  trace: TraceContext | undefined,
): string[] {
  const replaced = trace === undefined ? [] : ["traceparent"];
  const kept = endToEnd(request.rawHeaders, ["content-length", "expect", ...replaced]);
  return [
    ...kept,
    ...(trace === undefined ? [] : ["Traceparent", formatTraceparent(trace)]),
    ...framing(body, request),
  ];
}

/** Resolves when the answer has been passed on, or broken off. */
export function relayAnswer(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.sendDate = answer.headers.date === undefined;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
  answer.once("close", () => answer.complete || response.destroy());
  answer.on("error", () => response.destroy());
  answer.pipe(response);
  return new Promise((resolve) => void response.once("close", () => resolve()));
}

export function answerLocally(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    "content-type": "text/plain",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** The first lines of a request for another protocol, as they came. */
export function repeatHead(
  { method, url, rawHeaders }: IncomingMessage,
  head: Buffer,
  upstream: Duplex,
): void {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  upstream.write(`${lines.join("\r\n")}\r\n\r\n`);
  if (head.length > 0) upstream.write(head);
}
