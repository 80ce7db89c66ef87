// The bytes of an upload. SDKs may send them in signed chunks, each behind a line with its length in hexadecimal.
// Source: Amazon S3 API reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks".

import type { IncomingMessage } from "node:http";

import { S3Error } from "./s3-error.ts";

/** One part of an upload, or one object; AWS allows 5 GiB, a laptop's memory less. */
const SIZE_MAX = 512 * 2 ** 20;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > SIZE_MAX)
      throw new S3Error(
        400,
        "EntityTooLarge",
        "Your proposed upload exceeds the maximum allowed size",
      );
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const hash = request.headers["x-amz-content-sha256"];
  const isChunked =
    request.headers["content-encoding"]?.includes("aws-chunked") === true ||
    (typeof hash === "string" && hash.startsWith("STREAMING-"));
  return isChunked ? decodeChunks(body) : body;
}

export function decodeChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf("\r\n", at);
    const size =
      lineEnd < 0 ? Number.NaN : Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    if (!Number.isInteger(size))
      throw new S3Error(400, "IncompleteBody", "The chunks of the request body cannot be read");
    if (size === 0) return Buffer.concat(parts);
    const start = lineEnd + 2;
    parts.push(body.subarray(start, start + size));
    at = start + size + 2;
  }
}
