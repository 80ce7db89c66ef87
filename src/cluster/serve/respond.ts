// Answers: objects, lists and refusals as JSON or YAML, with warnings in their header and gzip for large ones.

import { gzipSync } from "node:zlib";
import { failure, StatusError } from "../../kubernetes/index.ts";
import type { Status } from "../../kubernetes/index.ts";
import type { AnswerHeaders, Exchange } from "./exchange.ts";
import type { Representation } from "./accept.ts";
import { InvariantError } from "../../core/index.ts";

/** Kubernetes' threshold (apiserver responsewriters/writers.go). */
const GZIP_BYTES_MIN = 128 * 1024;

export const JSON_TYPE = "application/json";
const PLAIN_TYPE = "text/plain; charset=utf-8";

export interface AnswerContext {
  readonly exchange: Exchange;
  readonly warnings: readonly string[];
  readonly encoding: Representation["encoding"];
}

export function answerJson(context: AnswerContext, status: number, text: string): void {
  const { exchange, warnings, encoding } = context;
  if (encoding === "yaml") {
    void answerYaml(context, status, text);
    return;
  }
  send(exchange, status, { "content-type": JSON_TYPE, ...warningHeader(warnings) }, text);
}

async function answerYaml(context: AnswerContext, status: number, text: string): Promise<void> {
  const { stringify } = await import("yaml");
  const body = stringify(JSON.parse(text), { sortMapEntries: true, lineWidth: 0 });
  const headers = { "content-type": "application/yaml", ...warningHeader(context.warnings) };
  send(context.exchange, status, headers, body);
}

export function answerText(exchange: Exchange, status: number, text: string): void {
  exchange.answer(
    status,
    { "content-type": PLAIN_TYPE, "x-content-type-options": "nosniff" },
    text,
  );
}

function send(exchange: Exchange, status: number, headers: AnswerHeaders, text: string): void {
  const takesGzip = exchange.header("accept-encoding")?.includes("gzip") === true;
  if (!takesGzip || text.length < GZIP_BYTES_MIN) {
    exchange.answer(status, headers, text);
    return;
  }
  // The fastest level: lists are big, repetitive, and answered from one thread.
  const body = gzipSync(text, { level: 1 });
  exchange.answer(
    status,
    { ...headers, "content-encoding": "gzip", vary: "Accept-Encoding" },
    body,
  );
}

export function answerError(context: AnswerContext, error: unknown): void {
  const status = statusOf(error);
  const retry = status.details?.retryAfterSeconds;
  const headers = {
    "content-type": JSON_TYPE,
    ...warningHeader(context.warnings),
    ...(retry === undefined ? {} : { "retry-after": String(retry) }),
  };
  context.exchange.answer(status.code, headers, JSON.stringify(status));
}

export function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  const why = error instanceof Error ? error.message : String(error);
  const prefix = error instanceof InvariantError ? "bug" : "Internal error occurred";
  return failure("InternalError", `${prefix}: ${why}`, { causes: [{ message: why }] });
}

export function warningHeader(warnings: readonly string[]): AnswerHeaders {
  if (warnings.length === 0) return {};
  const unique = [...new Set(warnings)];
  return { warning: unique.map((text) => `299 - "${text.replaceAll(/["\\]/g, "\\$&")}"`) };
}
