// A request over HTTP/2, on Node's streams themselves: the requests and responses that Node wraps around them would hold some
// kilobytes for every open watch.

import type { Http2SecureServer, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";

import { ignoreErrors } from "./carrier.ts";
import type { Carrier } from "./carrier.ts";
import type { AnswerHeaders } from "./exchange.ts";

export type OnStream = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  flags: number,
  rawHeaders: string[],
) => void;

/** Call it when the server has its listener for requests: with that, Node wraps streams for it as well. */
export function takeStreams(server: Http2SecureServer, onStream: OnStream): void {
  server.removeAllListeners("stream");
  server.on("stream", onStream);
}

const CONTINUE = 100;

export class Http2Carrier implements Carrier {
  readonly incoming: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];

  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    rawHeaders: readonly string[],
  ) {
    this.incoming = stream;
    this.headers = headers;
    this.rawHeaders = rawHeaders;
    ignoreErrors(stream);
    if (headers.expect === "100-continue") stream.additionalHeaders({ ":status": CONTINUE });
  }

  get outgoing(): ServerHttp2Stream {
    return this.incoming;
  }

  get method(): string {
    return this.headers[":method"] ?? "GET";
  }

  get target(): string {
    return this.headers[":path"] ?? "/";
  }

  get connection(): object {
    return this.incoming.session ?? this.incoming;
  }

  get socket(): TLSSocket | undefined {
    // The server only speaks TLS.
    return this.incoming.session?.socket as TLSSocket | undefined;
  }

  get isWhole(): boolean {
    const { endAfterHeaders, readableEnded, destroyed } = this.incoming;
    return endAfterHeaders || readableEnded || destroyed;
  }

  get isAnswered(): boolean {
    const { headersSent, closed, destroyed } = this.incoming;
    return headersSent || closed || destroyed;
  }

  begin(status: number, headers: AnswerHeaders): void {
    this.incoming.respond({ ":status": status, ...(headers as Record<string, string>) });
  }

  /** The head is on its way already. */
  flush(): void {}

  endConnection(): void {
    this.incoming.session?.close();
  }
}
