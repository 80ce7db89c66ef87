// AWS Signature Version 4 for S3, in the Authorization header or in the query: computed by the client, compared by the server.
// Source: Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)".

import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as they travel. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Claim {
  readonly accessKeyId: string;
  /** `20260102/us-east-1/s3/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestamp: string;
  readonly payloadHash: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

export const sha256 = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");

/** The access key of whoever signed; undefined when nobody did, or when the signature does not fit any known secret. */
export function signerOf(
  request: SignedRequest,
  secretOf: (accessKeyId: string) => string | undefined,
): string | undefined {
  const claim = claimOf(request);
  const secret = claim && secretOf(claim.accessKeyId);
  if (claim === undefined || secret === undefined) return undefined;
  const expected = Buffer.from(signatureOf(request, claim, secret));
  const found = Buffer.from(claim.signature);
  const fits = expected.length === found.length && timingSafeEqual(expected, found);
  return fits ? claim.accessKeyId : undefined;
}

/** The headers to add. `timestamp` is `20260102T030405Z`. */
export function sign(
  request: SignedRequest,
  credentials: Credentials,
  facts: { readonly region: string; readonly timestamp: string; readonly payloadHash: string },
): Record<string, string> {
  const { region, timestamp, payloadHash } = facts;
  const added = { "x-amz-date": timestamp, "x-amz-content-sha256": payloadHash };
  const headers = { ...request.headers, ...added };
  const claim = {
    accessKeyId: credentials.accessKeyId,
    scope: `${timestamp.slice(0, 8)}/${region}/s3/aws4_request`,
    signedHeaders: Object.keys(headers).toSorted(),
    timestamp,
    payloadHash,
  };
  const signature = signatureOf({ ...request, headers }, claim, credentials.secretAccessKey);
  const authorization = [
    `${ALGORITHM} Credential=${claim.accessKeyId}/${claim.scope}`,
    `SignedHeaders=${claim.signedHeaders.join(";")}`,
    `Signature=${signature}`,
  ].join(", ");
  return { ...added, authorization };
}

function claimOf({ target, headers }: SignedRequest): Claim | undefined {
  const header = headers["authorization"];
  if (header?.startsWith(ALGORITHM) === true) {
    const part = (name: string): string => new RegExp(`${name}=([^, ]+)`).exec(header)?.[1] ?? "";
    return {
      ...credentialOf(part("Credential")),
      signedHeaders: part("SignedHeaders").split(";"),
      signature: part("Signature"),
      timestamp: headers["x-amz-date"] ?? "",
      payloadHash: headers["x-amz-content-sha256"] ?? UNSIGNED_PAYLOAD,
    };
  }
  const query = new URLSearchParams(target.split("?")[1] ?? "");
  if (query.get("X-Amz-Algorithm") !== ALGORITHM) return undefined;
  return {
    ...credentialOf(query.get("X-Amz-Credential") ?? ""),
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    timestamp: query.get("X-Amz-Date") ?? "",
    payloadHash: UNSIGNED_PAYLOAD,
  };
}

function credentialOf(text: string): Pick<Claim, "accessKeyId" | "scope"> {
  const [accessKeyId = "", ...scope] = text.split("/");
  return { accessKeyId, scope: scope.join("/") };
}

function signatureOf(
  { method, target, headers }: SignedRequest,
  claim: Omit<Claim, "signature">,
  secret: string,
): string {
  const [path = "/", query = ""] = target.split("?");
  const canonical = [
    method,
    path,
    canonicalQuery(query),
    ...claim.signedHeaders.map((name) => `${name}:${tidy(headers[name] ?? "")}`),
    "",
    claim.signedHeaders.join(";"),
    claim.payloadHash,
  ].join("\n");
  const text = [ALGORITHM, claim.timestamp, claim.scope, sha256(canonical)].join("\n");
  const key = claim.scope
    .split("/")
    .reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${secret}`);
  return hmac(key, text).toString("hex");
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();

const tidy = (value: string): string => value.trim().replace(/\s+/g, " ");

/** Sorted by name, then by value; the signature itself is left out. */
function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .map((pair) => (pair.includes("=") ? pair : `${pair}=`))
    .map((pair) => pair.replaceAll("+", "%20"))
    .filter((pair) => !pair.startsWith("X-Amz-Signature="))
    .toSorted()
    .join("&");
}
