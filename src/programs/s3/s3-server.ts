// A small S3 server that keeps its objects on disk: what SDKs, rclone and browsers with signed links need of buckets and
// objects. No versions, no life cycle rules, no policies, no encryption; those are answered 501.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

import type { Clock } from "../../core/index.ts";
import { answerForBucket, listBuckets } from "./bucket-requests.ts";
import { readExchange, type Answer, type Exchange } from "./exchange.ts";
import { mayDo, secretOf, type Action, type Identity } from "./identities.ts";
import { createUploads } from "./multipart.ts";
import { openObjectFiles } from "./object-files.ts";
import { answerForObject } from "./object-requests.ts";
import { accessDenied, S3Error } from "./s3-error.ts";
import { signerOf } from "./signature.ts";
import { xmlDocument } from "./xml.ts";

export interface S3ServerOptions {
  /** Everything is below it. */
  readonly folder: string;
  /** Undefined: whoever reaches the port may do everything, as with the filer of SeaweedFS. */
  readonly identities: readonly Identity[] | undefined;
  readonly clock: Clock;
}

export interface S3Server {
  /** Signed requests only. */
  readonly signed: Server;
  /** For the cluster's own jobs, which make the buckets. */
  readonly unsigned: Server;
}

const HEALTH = /^\/(healthz|minio\/health\/(live|ready))$/;

export function createS3Server({ folder, identities, clock }: S3ServerOptions): S3Server {
  const parts = { files: openObjectFiles(folder), uploads: createUploads(), clock };
  const serverFor = (known: readonly Identity[] | undefined): Server =>
    createServer((request, response) => {
      void answerRequest(request, known, parts).then((answer) => send(request, response, answer));
    });
  return { signed: serverFor(identities), unsigned: serverFor(undefined) };
}

async function answerRequest(
  request: IncomingMessage,
  identities: readonly Identity[] | undefined,
  parts: Pick<Exchange, "files" | "uploads" | "clock">,
): Promise<Answer> {
  if (HEALTH.test(request.url ?? "")) return { status: 200, body: "ok\n" };
  try {
    return await route(readExchange(request, parts), identities);
  } catch (error) {
    const refused =
      error instanceof S3Error ? error : new S3Error(500, "InternalError", String(error));
    const body = xmlDocument("Error", [
      ["Code", refused.code],
      ["Message", refused.message],
      ["Resource", request.url ?? ""],
    ]);
    return { status: refused.status, headers: { "content-type": "application/xml" }, body };
  }
}

async function route(
  exchange: Exchange,
  identities: readonly Identity[] | undefined,
): Promise<Answer> {
  const { bucket, key } = exchange;
  const signer = identities && requireSigner(exchange, identities);
  const may = (action: Action, name: string): boolean =>
    identities === undefined || mayDo(identities, signer ?? "", action, name);
  if (bucket === "") return listBuckets(exchange, (name) => may("List", name));
  if (!may(actionOf(exchange), bucket)) throw accessDenied();
  const source = exchange.headers["x-amz-copy-source"];
  if (source !== undefined && !may("Read", sourceBucket(source))) throw accessDenied();
  return key === "" ? answerForBucket(exchange) : answerForObject(exchange);
}

const sourceBucket = (source: string): string =>
  decodeURIComponent(source).replace(/^\//, "").split("/")[0] ?? "";

function requireSigner(exchange: Exchange, identities: readonly Identity[]): string {
  const { request, method, headers } = exchange;
  const signed = { method, target: request.url ?? "/", headers };
  const signer = signerOf(signed, (accessKey) => secretOf(identities, accessKey));
  if (signer !== undefined) return signer;
  const isAnonymous =
    headers["authorization"] === undefined && !exchange.query.has("X-Amz-Algorithm");
  if (isAnonymous) throw accessDenied();
  throw new S3Error(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided.",
  );
}

function actionOf({ method, key, query }: Exchange): Action {
  if (key !== "") return method === "GET" || method === "HEAD" ? "Read" : "Write";
  if (method === "GET" || method === "HEAD") return "List";
  return method === "POST" && query.has("delete") ? "Write" : "Admin";
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): Promise<void> {
  response.writeHead(status, { server: "keelson-s3", ...headers });
  // Whatever of the body nobody read would block the connection.
  request.resume();
  if (body === undefined || typeof body === "string") response.end(body);
  else await pipeline(body, response).catch(() => response.destroy());
}
