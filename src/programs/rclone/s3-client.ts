// The few requests to an S3 server that copying needs.

import type { Clock, InstantMs } from "../../core/index.ts";
import { sha256, sign, type Credentials } from "../s3/signature.ts";
import { textsOf } from "../s3/xml.ts";

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: InstantMs;
}

export interface S3Client {
  buckets(): Promise<readonly string[]>;
  makeBucket(bucket: string): Promise<void>;
  list(bucket: string, prefix: string): Promise<readonly ListedObject[]>;
  get(bucket: string, key: string): Promise<{ readonly data: Buffer; readonly type: string }>;
  put(bucket: string, key: string, data: Buffer, type?: string): Promise<void>;
  copy(bucket: string, from: string, to: string): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
}

export interface S3ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export function createS3Client(options: S3ClientOptions): S3Client {
  const ask = (sent: Sent): Promise<Response> => send(options, sent);
  return {
    buckets: async () => namesOf(await textOf(ask({ method: "GET", path: "/" }))),
    makeBucket: async (bucket) => {
      const answer = await ask({ method: "PUT", path: pathOf(bucket) });
      if (answer.status !== 409) await requireGood(answer);
    },
    list: (bucket, prefix) => listAll(ask, bucket, prefix),
    get: async (bucket, key) => {
      const answer = await requireGood(await ask({ method: "GET", path: pathOf(bucket, key) }));
      const type = answer.headers.get("content-type") ?? "application/octet-stream";
      return { data: Buffer.from(await answer.arrayBuffer()), type };
    },
    put: async (bucket, key, data, type = "application/octet-stream") => {
      const headers = { "content-type": type };
      await requireGood(
        await ask({ method: "PUT", path: pathOf(bucket, key), headers, body: data }),
      );
    },
    copy: async (bucket, from, to) => {
      const headers = { "x-amz-copy-source": pathOf(bucket, from) };
      await requireGood(await ask({ method: "PUT", path: pathOf(bucket, to), headers }));
    },
    remove: async (bucket, key) => {
      await requireGood(await ask({ method: "DELETE", path: pathOf(bucket, key) }));
    },
  };
}

const namesOf = (document: string): string[] =>
  textsOf(document, "Name").filter((name) => name !== "");

async function textOf(answer: Promise<Response>): Promise<string> {
  return (await requireGood(await answer)).text();
}

async function listAll(
  ask: (sent: Sent) => Promise<Response>,
  bucket: string,
  prefix: string,
): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ "list-type": "2", prefix });
    if (token !== undefined) query.set("continuation-token", token);
    const document = await textOf(
      ask({ method: "GET", path: pathOf(bucket), query: encoded(query) }),
    );
    const texts = (name: string): string[] => textsOf(document, name);
    const [sizes, etags, dates] = [texts("Size"), texts("ETag"), texts("LastModified")];
    for (const [index, key] of texts("Key").entries()) {
      found.push({
        key,
        size: Number(sizes[index]),
        etag: etags[index] ?? "",
        modified: Date.parse(dates[index] ?? ""),
      });
    }
    [token] = texts("NextContinuationToken");
  } while (token !== undefined);
  return found;
}

/** As signatures want it: a space is %20. */
const encoded = (query: URLSearchParams): string => query.toString().replaceAll("+", "%20");

function pathOf(bucket: string, key = ""): string {
  const parts = [bucket, ...(key === "" ? [] : key.split("/"))];
  return parts.map((part) => `/${encodeURIComponent(part).replace(/[!'()*]/g, hex)}`).join("");
}

const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

async function send(
  { endpoint, region, credentials, clock }: S3ClientOptions,
  { method, path, query = "", headers = {}, body }: Sent,
): Promise<Response> {
  const target = query === "" ? path : `${path}?${query}`;
  const url = new URL(endpoint);
  const timestamp = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const plain = { ...headers, host: url.host };
  const added = sign({ method, target, headers: plain }, credentials, {
    region,
    timestamp,
    payloadHash: sha256(body ?? ""),
  });
  return fetch(`${url.origin}${target}`, {
    method,
    headers: { ...headers, ...added },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
}

async function requireGood(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const text = await answer.text();
  const [message = `status ${answer.status}`] = textsOf(text, "Message");
  throw new Error(`${new URL(answer.url).pathname}: ${message}`);
}
