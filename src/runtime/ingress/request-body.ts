// The body of a request on its way to an endpoint: none, small enough to be kept and sent again, or a stream that can be
// sent once.

import type { ClientRequest, IncomingMessage } from "node:http";

export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "kept"; readonly bytes: Buffer }
  | { readonly kind: "stream"; readonly source: IncomingMessage; readonly isChunked: boolean };

/** nginx' client_body_buffer_size on 64-bit systems is 16 kB; forms and JSON documents fit into a little more. */
const KEPT_MAX = 64 * 1024;

export class BodyTooLarge extends Error {}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Reads a small body of known size; rejects when the client goes away. */
export async function takeBody(request: IncomingMessage): Promise<RequestBody> {
  if (!hasBody(request)) return { kind: "none" };
  const isChunked = request.headers["transfer-encoding"] !== undefined;
  if (isChunked || Number(request.headers["content-length"]) > KEPT_MAX)
    return { kind: "stream", source: request, isChunked };
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return { kind: "kept", bytes: Buffer.concat(chunks) };
}

/** All of it; rejects when the client goes away. */
export async function bytesOf(body: RequestBody): Promise<Buffer> {
  if (body.kind === "kept") return body.bytes;
  const chunks: Buffer[] = [];
  if (body.kind === "stream") for await (const chunk of body.source) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The framing that the endpoint is told. */
export function framing(body: RequestBody, { headers, method }: IncomingMessage): string[] {
  if (body.kind === "stream" && body.isChunked) return ["Transfer-Encoding", "chunked"];
  const length = headers["content-length"];
  if (length !== undefined) return ["Content-Length", length];
  // Without a length Node would say that a body of unknown size follows.
  return method === "POST" || method === "PUT" || method === "PATCH" ? ["Content-Length", "0"] : [];
}

/** Sends the body once the connection stands; a body above `sizeMax` bytes ends the request. */
export function sendBody(body: RequestBody, upstream: ClientRequest, sizeMax = Infinity): void {
  if (body.kind === "none") return void upstream.end();
  if (body.kind === "kept") return void upstream.end(body.bytes);
  const { source } = body;
  let sent = 0;
  source.on("data", (chunk: Buffer) => {
    sent += chunk.length;
    if (sent > sizeMax) upstream.destroy(new BodyTooLarge());
  });
  source.once("error", () => upstream.destroy());
  source.once("end", () => {
    if (source.rawTrailers.length > 0) upstream.addTrailers(pairs(source.rawTrailers));
    upstream.end();
  });
  source.pipe(upstream, { end: false });
}

/** Node takes trailers as pairs and gives them flat. */
export function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) found.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return found;
}
