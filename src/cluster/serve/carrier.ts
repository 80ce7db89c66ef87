// What carries a request and its answer. HTTP/1.1 and HTTP/2 differ in this alone.

import type { IncomingHttpHeaders } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Readable, Stream, Writable } from "node:stream";

import type { AnswerHeaders } from "./exchange.ts";

export interface Carrier {
  /** Upper case. */
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values by turns, as they came. */
  readonly rawHeaders: readonly string[];
  /** The body of the request. */
  readonly incoming: Readable;
  /** The body of the answer. */
  readonly outgoing: Writable;
  /** One object for all requests of a connection. */
  readonly connection: object;
  /** Gone with the connection. */
  readonly socket: TLSSocket | undefined;
  /** Whether nothing more comes. */
  readonly isWhole: boolean;
  /** Whether an answer can no longer begin: there is one, or nobody to get it. */
  readonly isAnswered: boolean;
  /** Sent with the first part of the body. */
  begin(status: number, headers: AnswerHeaders): void;
  /** Sends the head at once. */
  flush(): void;
  /** Closes the connection once the answer is out. */
  endConnection(): void;
}

/** A client that goes away is no fault of ours; whoever streams is told by `onClose`. */
export function ignoreErrors(stream: Stream): void {
  stream.on("error", ignore);
}

function ignore(): void {}
