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
/** What Go's router says, and the API server with it, outside of any API. */
export const PAGE_NOT_FOUND = "404 page not found\n";
const PLAIN_TYPE = "text/plain; charset=utf-8";

export interface AnswerContext {
  readonly exchange: Exchange;
  readonly warnings: readonly string[];
  readonly encoding: Representation["encoding"];
}

/** `text` is JSON; one line, as the API server writes it, except for people: those get it indented. */
export function answerJson(
  context: AnswerContext,
  status: number,
  text: string,
  more: AnswerHeaders = {},
): void {
  const { exchange, warnings, encoding } = context;
  const headers = { ...more, ...warningHeader(warnings) };
  if (encoding === "yaml") void answerYaml(exchange, status, text, headers);
  else {
    const body = isForPeople(exchange) ? indented(JSON.parse(text)) : asLine(text);
    send(exchange, status, { "content-type": JSON_TYPE, ...headers }, body);
  }
}

/** The same with a text that is made bit by bit, which goes out so to clients that take it as it is. */
export function answerSlices(
  context: AnswerContext,
  status: number,
  slices: Iterable<Buffer>,
): void {
  const { exchange, warnings, encoding } = context;
  if (encoding === "yaml" || isForPeople(exchange) || takesGzip(exchange)) {
    answerJson(context, status, Buffer.concat([...slices]).toString());
    return;
  }
  exchange.answerSlices(status, { "content-type": JSON_TYPE, ...warningHeader(warnings) }, slices);
}

const PEOPLE = /^(curl|Wget|Mozilla\/5\.0)/;
/** What Go's strconv.ParseBool takes for true. */
const TRUE: readonly string[] = ["1", "t", "T", "true", "TRUE", "True"];

function asLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** `pretty` decides; without it, whether the client is a browser or a tool in a terminal. */
function isForPeople(exchange: Exchange): boolean {
  const pretty = exchange.query.get("pretty") ?? "";
  if (pretty !== "") return TRUE.includes(pretty);
  return PEOPLE.test(exchange.header("user-agent") ?? "");
}

/** As Go's json.MarshalIndent. */
export function indented(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** As sigs.k8s.io/yaml writes it; version 1.1 also quotes what old readers take for booleans and dates. */
const YAML_STYLE = {
  version: "1.1",
  sortMapEntries: true,
  indentSeq: false,
  lineWidth: 0,
} as const;

async function answerYaml(
  exchange: Exchange,
  status: number,
  text: string,
  headers: AnswerHeaders,
): Promise<void> {
  const { stringify } = await import("yaml");
  const body = stringify(JSON.parse(text), YAML_STYLE);
  send(exchange, status, { "content-type": "application/yaml", ...headers }, body);
}

export function answerText(exchange: Exchange, status: number, text: string): void {
  exchange.answer(
    status,
    { "content-type": PLAIN_TYPE, "x-content-type-options": "nosniff" },
    text,
  );
}

function send(exchange: Exchange, status: number, headers: AnswerHeaders, text: string): void {
  if (!takesGzip(exchange) || text.length < GZIP_BYTES_MIN) {
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

function takesGzip(exchange: Exchange): boolean {
  return exchange.header("accept-encoding")?.includes("gzip") === true;
}

export function answerError(context: AnswerContext, error: unknown): void {
  const status = statusOf(error);
  const retry = status.details?.retryAfterSeconds;
  const headers = retry === undefined ? {} : { "retry-after": String(retry) };
  answerJson(context, status.code, JSON.stringify(status), headers);
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
