// Requests about one object: put, copy, get, head, delete, and its multipart uploads.

import { createHash } from "node:crypto";

import type { Answer, Exchange } from "./exchange.ts";
import { xmlAnswer } from "./exchange.ts";
import type { StoredObject } from "./object-files.ts";
import { readBody } from "./request-body.ts";
import { noSuchBucket, noSuchKey, notImplemented, S3Error } from "./s3-error.ts";
import { textsOf, xmlDocument } from "./xml.ts";

export async function answerForObject(exchange: Exchange): Promise<Answer> {
  const { method, bucket, files, query } = exchange;
  if (!files.has(bucket)) throw noSuchBucket(bucket);
  const asked = ["acl", "tagging", "retention", "versionId"].find((name) => query.has(name));
  if (asked !== undefined) throw notImplemented(`?${asked} of an object`);
  switch (method) {
    case "PUT":
      return query.has("uploadId") ? putPart(exchange) : putObject(exchange);
    case "GET":
    case "HEAD":
      return getObject(exchange);
    case "DELETE":
      return deleteObject(exchange);
    case "POST":
      return query.has("uploads") ? beginUpload(exchange) : completeUpload(exchange);
    default:
      throw notImplemented(`${method} of an object`);
  }
}

/** The headers that are given back when the object is read. */
const KEPT = /^(content-(type|language|disposition)|cache-control|expires|x-amz-meta-.+)$/;

function keptHeaders(headers: Exchange["headers"]): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name));
  const encoding = headers["content-encoding"]?.replace(/aws-chunked,?\s*/, "") ?? "";
  if (encoding !== "") kept.push(["content-encoding", encoding]);
  return Object.fromEntries(kept);
}

const now = ({ clock }: Exchange): string => new Date(clock.now()).toISOString();
const md5 = (data: Buffer): string => createHash("md5").update(data).digest("hex");

async function putObject(exchange: Exchange): Promise<Answer> {
  const { request, bucket, key, files, headers } = exchange;
  const source = headers["x-amz-copy-source"];
  if (source !== undefined) return copyObject(exchange, source);
  if (headers["if-none-match"] === "*" && files.get(bucket, key) !== undefined)
    throw new S3Error(412, "PreconditionFailed", "The object exists already.");
  const data = await readBody(request);
  checkDigest(headers["content-md5"], data);
  const etag = md5(data);
  files.put(bucket, { key, etag, modified: now(exchange), headers: keptHeaders(headers) }, data);
  return { status: 200, headers: { etag: `"${etag}"` } };
}

function checkDigest(expected: string | undefined, data: Buffer): void {
  if (expected === undefined || createHash("md5").update(data).digest("base64") === expected)
    return;
  throw new S3Error(
    400,
    "BadDigest",
    "The Content-MD5 you specified did not match what we received.",
  );
}

async function copyObject(exchange: Exchange, source: string): Promise<Answer> {
  const { bucket, key, files, headers } = exchange;
  const [from = "", ...rest] = decodeURIComponent(source).replace(/^\//, "").split("/");
  const found = files.get(from, rest.join("/"));
  if (found === undefined) throw noSuchKey();
  const chunks: Buffer[] = [];
  for await (const chunk of files.read(from, found.key)) chunks.push(chunk as Buffer);
  const replaces = headers["x-amz-metadata-directive"] === "REPLACE";
  const modified = now(exchange);
  const kept = replaces ? keptHeaders(headers) : found.headers;
  const copy = { key, etag: found.etag, modified, headers: kept };
  files.put(bucket, copy, Buffer.concat(chunks));
  return xmlAnswer(
    xmlDocument("CopyObjectResult", [
      ["LastModified", modified],
      ["ETag", `"${found.etag}"`],
    ]),
  );
}

function getObject({ method, bucket, key, files, headers }: Exchange): Answer {
  const object = files.get(bucket, key);
  if (object === undefined) throw noSuchKey();
  const described = describe(object);
  if (headers["if-none-match"] === described["etag"]) return { status: 304, headers: described };
  const range = rangeOf(headers["range"], object.size);
  const length = range === undefined ? object.size : range.end - range.start + 1;
  const answered = {
    ...described,
    "content-length": String(length),
    ...(range === undefined
      ? {}
      : { "content-range": `bytes ${range.start}-${range.end}/${object.size}` }),
  };
  const status = range === undefined ? 200 : 206;
  if (method === "HEAD" || length === 0) return { status, headers: answered };
  return { status, headers: answered, body: files.read(bucket, key, range) };
}

function describe({ etag, modified, headers }: StoredObject): Record<string, string> {
  return {
    "content-type": "application/octet-stream",
    ...headers,
    etag: `"${etag}"`,
    "last-modified": new Date(modified).toUTCString(),
    "accept-ranges": "bytes",
  };
}

function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  if (start <= end) return { start, end };
  throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable");
}

function deleteObject({ bucket, key, files, uploads, query }: Exchange): Answer {
  const upload = query.get("uploadId");
  if (upload === null) files.delete(bucket, key);
  else uploads.abort(upload);
  return { status: 204 };
}

function beginUpload({ bucket, key, headers, uploads }: Exchange): Answer {
  const id = uploads.begin({ bucket, key, headers: keptHeaders(headers) });
  return xmlAnswer(
    xmlDocument("InitiateMultipartUploadResult", [
      ["Bucket", bucket],
      ["Key", key],
      ["UploadId", id],
    ]),
  );
}

async function putPart({ request, query, uploads }: Exchange): Promise<Answer> {
  const part = Number(query.get("partNumber"));
  const etag = uploads.put(query.get("uploadId") ?? "", part, await readBody(request));
  return { status: 200, headers: { etag: `"${etag}"` } };
}

async function completeUpload(exchange: Exchange): Promise<Answer> {
  const { request, bucket, key, files, uploads, query } = exchange;
  const numbers = textsOf((await readBody(request)).toString(), "PartNumber").map(Number);
  const { upload, data, etag } = uploads.complete(query.get("uploadId") ?? "", numbers);
  files.put(bucket, { key, etag, modified: now(exchange), headers: upload.headers }, data);
  return xmlAnswer(
    xmlDocument("CompleteMultipartUploadResult", [
      ["Bucket", bucket],
      ["Key", key],
      ["ETag", `"${etag}"`],
    ]),
  );
}
