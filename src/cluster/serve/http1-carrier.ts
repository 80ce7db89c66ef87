// A request over HTTP/1.1.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";

import { ignoreErrors } from "./carrier.ts";
import type { Carrier } from "./carrier.ts";
import type { AnswerHeaders } from "./exchange.ts";

export class Http1Carrier implements Carrier {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.incoming = request;
    this.outgoing = response;
    ignoreErrors(request);
    ignoreErrors(response);
  }

  get method(): string {
    return this.incoming.method ?? "GET";
  }

  get target(): string {
    return this.incoming.url ?? "/";
  }

  get headers(): IncomingMessage["headers"] {
    return this.incoming.headers;
  }

  get rawHeaders(): readonly string[] {
    return this.incoming.rawHeaders;
  }

  get connection(): object {
    return this.incoming.socket;
  }

  get socket(): TLSSocket {
    // The server only speaks TLS.
    return this.incoming.socket as TLSSocket;
  }

  get isWhole(): boolean {
    return this.incoming.complete;
  }

  get isAnswered(): boolean {
    return this.outgoing.headersSent || this.outgoing.destroyed;
  }

  begin(status: number, headers: AnswerHeaders): void {
    this.outgoing.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.outgoing.setHeader(name, value);
  }

  flush(): void {
    this.outgoing.flushHeaders();
  }

  endConnection(): void {
    this.outgoing.shouldKeepAlive = false;
  }
}
