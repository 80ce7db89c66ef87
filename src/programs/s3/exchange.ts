// One request to the S3 server, read; and what is answered.

import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";

import type { Clock } from "../../core/index.ts";
import type { Uploads } from "./multipart.ts";
import type { ObjectFiles } from "./object-files.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly method: string;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly files: ObjectFiles;
  readonly uploads: Uploads;
  readonly clock: Clock;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

export const xmlAnswer = (body: string, status = 200): Answer => ({
  status,
  headers: { "content-type": "application/xml" },
  body,
});

export function readExchange(
  request: IncomingMessage,
  parts: Pick<Exchange, "files" | "uploads" | "clock">,
): Exchange {
  const [path = "/", query = ""] = (request.url ?? "/").split("?");
  const [, bucket = "", ...key] = path.split("/");
  return {
    request,
    method: request.method ?? "GET",
    bucket: decodeURIComponent(bucket),
    key: decodeURIComponent(key.join("/")),
    query: new URLSearchParams(query),
    headers: flatHeaders(request),
    ...parts,
  };
}

export function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]),
  );
}
