// One request as the routes see it, and what they answer.

import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";

import type { Session } from "../shop-cache.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** Values of the route's `:names`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly sessionId: string;
  readonly session: Session;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

/** Answered as it is, with its status. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function json(status: number, value: unknown, headers: Answer["headers"] = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: `${JSON.stringify(value, undefined, 2)}\n`,
  };
}

/** A browser's form is answered with a page, everything else with JSON. */
export function wantsPage({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? "").includes("text/html");
}
