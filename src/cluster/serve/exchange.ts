// One HTTP request and its answer, whichever of HTTP/1.1 and HTTP/2 carries it. Handlers see only this.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export interface Exchange {
  /** Upper case. */
  readonly method: string;
  /** Decoded by URL rules only where a handler splits it; starts with a slash, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; several values joined by commas. */
  header(name: string): string | undefined;
  /** Whether any header's name starts so, in lower case. */
  hasHeader(prefix: string): boolean;
  /** Every value of every header, by lower-case name. */
  headers(): ReadonlyMap<string, readonly string[]>;
  /** What the request came on: one object for all requests of a connection. */
  readonly connection: object;
  /** Who a client certificate signed by our authority names. */
  readonly clientCertificate: ClientCertificate | undefined;
  /** Present when the client asks to go on in another protocol on this connection. */
  readonly upgrade: Upgrade | undefined;
  /** The whole body; rejects with StatusError 413 when it is longer than the server takes. */
  readBody(): Promise<Buffer>;
  answer(status: number, headers: AnswerHeaders, body: string | Buffer): void;
  /** An answer that is made slice by slice, as the client takes it. */
  answerSlices(status: number, headers: AnswerHeaders, slices: Iterable<Buffer>): void;
  /** Starts an answer of unknown length. */
  stream(status: number, headers: AnswerHeaders): AnswerStream;
}

export interface Upgrade {
  /** Lower case: `websocket`, `spdy/3.1`. */
  readonly protocol: string;
  /** Hands the connection over: from then on nothing is answered by the exchange. */
  take(): TakenConnection;
}

export interface TakenConnection {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client has sent behind its request already. */
  readonly head: Buffer;
}

export interface ClientCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export interface AnswerStream {
  write(chunk: string | Buffer): void;
  /** Resolves when the client has taken enough of what was written, or has gone. */
  drained(): Promise<void>;
  end(): void;
  /** Called once when the client has gone or the answer has ended. */
  onClose(listener: () => void): void;
}
