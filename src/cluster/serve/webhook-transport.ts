// Calls webhooks over HTTPS, as the API server does; failures are worded as Go's client words them.

import { request } from "node:https";

import type { WebhookRequest, WebhookResponse, WebhookTransport } from "../admission/index.ts";

/** An answer that is larger is cut off: no review comes near. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** For clusters on real time; under virtual time there is no network. */
export function webhookTransport(): WebhookTransport {
  return (call) =>
    new Promise((resolve, reject) => {
      const sent = request(
        call.url,
        {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          signal: AbortSignal.timeout(call.timeoutMs),
          ...(call.caBundle === undefined ? {} : { ca: call.caBundle }),
          ...(call.serverName === undefined ? {} : { servername: call.serverName }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
          });
          response.on("error", (error) => reject(worded(error, call)));
          response.on("end", () => resolve(answer(response.statusCode, chunks)));
        },
      );
      sent.on("error", (error) => reject(worded(error, call)));
      sent.end(call.body);
    });
}

function answer(status = 0, chunks: readonly Buffer[]): WebhookResponse {
  return { status, body: Buffer.concat(chunks).toString("utf8") };
}

const UNKNOWN_AUTHORITY = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function worded(error: Error & { readonly code?: string }, { url }: WebhookRequest): Error {
  const { hostname, port } = new URL(url);
  const where = `${hostname}:${port === "" ? "443" : port}`;
  const { code = "" } = error;
  if (error.name === "AbortError" || error.name === "TimeoutError") {
    return new Error("context deadline exceeded", { cause: error });
  }
  if (code === "ECONNREFUSED") {
    return new Error(`dial tcp ${where}: connect: connection refused`, { cause: error });
  }
  if (code === "ENOTFOUND") {
    return new Error(`dial tcp: lookup ${hostname}: no such host`, { cause: error });
  }
  if (UNKNOWN_AUTHORITY.has(code)) {
    const why = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    return new Error(why, { cause: error });
  }
  if (code === "ECONNRESET") return new Error("EOF", { cause: error });
  return error;
}
