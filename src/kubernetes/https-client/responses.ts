// Reads answers: JSON bodies, and refusals as StatusError whatever shape they came in.

import type { Readable } from "node:stream";
import { isRecord } from "../../core/index.ts";
import { failure, StatusError, type Status, type StatusReason } from "../status.ts";
import type { HttpResponse } from "./transport.ts";

/** The body of a successful answer; `undefined` when it is empty. Rejects with StatusError otherwise. */
export async function readJson(response: HttpResponse): Promise<unknown> {
  const text = await readText(response.body);
  const value = parseJson(text);
  if (response.status >= 200 && response.status < 300 && (value !== undefined || text === "")) {
    return value;
  }
  throw refusal(response, value, text);
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // No encoding is set.
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

export function isStatus(value: unknown): value is Status {
  return isRecord(value) && value["kind"] === "Status" && value["apiVersion"] === "v1";
}

/** Proxies and load balancers answer in their own words; those become the message. */
function refusal({ status, headers }: HttpResponse, value: unknown, text: string): StatusError {
  const seconds = Number(headers["retry-after"]);
  const retry = seconds > 0 ? { retryAfterSeconds: seconds } : {};
  if (isStatus(value))
    return new StatusError({ ...value, details: { ...retry, ...value.details } });
  const message = text.trim().slice(0, MESSAGE_MAX) || `the server answered ${status}`;
  const made = failure(reasonOf(status), message, retry);
  return new StatusError({ ...made, code: status });
}

/** Enough of an error page to recognise it. */
const MESSAGE_MAX = 500;

const REASONS: Readonly<Record<number, StatusReason>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  502: "ServiceUnavailable",
  503: "ServiceUnavailable",
  504: "Timeout",
};

function reasonOf(status: number): StatusReason {
  return REASONS[status] ?? "InternalError";
}
