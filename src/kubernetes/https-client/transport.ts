// Sends requests to one server over connections that are kept: HTTP/2 where the server speaks it, so that thousands of
// watches share a few sockets, else HTTP/1.1. Node's modules are loaded on the first request.

import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { SecureContextOptions, TLSSocket } from "node:tls";
import { createHttp1Sender } from "./http1.ts";
import { createHttp2Sender } from "./http2.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Ends the request, and the stream of its answer. */
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** Rejects when there is no answer. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export interface Sender {
  readonly send: Send;
  /** Cuts every connection; requests under way fail. */
  close(): void;
}

export interface TlsOptions {
  /** PEM; absent means the authorities the system trusts. */
  readonly caPem?: string | undefined;
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  /** The name the server's certificate must have, when the address is not it. */
  readonly serverName?: string | undefined;
  /** `false` for what stands between and breaks HTTP/2. Default: whatever the server prefers. */
  readonly http2?: boolean | undefined;
  /** Accepts any certificate. Only what a kubeconfig asks for by name. */
  readonly insecureSkipTlsVerify?: boolean | undefined;
}

/** Opens a TLS connection and says which protocol was agreed on. */
export type Connect = () => Promise<TLSSocket>;

/** `server` is an origin: `https://host:6443`. */
export function createTransport(server: URL, tls: TlsOptions): Sender {
  let sender: Promise<Sender> | undefined;
  let closed = false;
  const choose = async (): Promise<Sender> => {
    if (server.protocol === "http:") return createHttp1Sender(server, undefined);
    const connect = createConnect(server, tls);
    const first = await connect();
    return first.alpnProtocol === "h2"
      ? createHttp2Sender(server, connect, first)
      : createHttp1Sender(server, { connect, first });
  };
  return {
    async send(request) {
      if (closed) throw new Error(`the client of ${server.origin} is closed`);
      sender ??= choose();
      // The next request tries again when there was no connection at all.
      const chosen = await sender.catch((error: unknown) => {
        sender = undefined;
        throw error;
      });
      return chosen.send(request);
    },
    close() {
      closed = true;
      void sender?.then(
        (chosen) => chosen.close(),
        () => undefined,
      );
    },
  };
}

/** Dead peers are noticed by the kernel after this long without an answer. */
const KEEP_ALIVE_MS = 30_000;

function createConnect(server: URL, tls: TlsOptions): Connect {
  const port = Number(server.port || 443);
  const host = server.hostname.replace(/^\[|\]$/g, "");
  return async () => {
    const [{ connect }, { isIP }] = await Promise.all([import("node:tls"), import("node:net")]);
    const name = tls.serverName ?? host;
    const socket = connect({
      host,
      port,
      ALPNProtocols: tls.http2 === false ? ["http/1.1"] : ["h2", "http/1.1"],
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...secureContext(tls),
      rejectUnauthorized: tls.insecureSkipTlsVerify !== true,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    socket.removeAllListeners("error");
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    return socket;
  };
}

function secureContext({ caPem, clientCert, clientKey }: TlsOptions): SecureContextOptions {
  return {
    ...(caPem === undefined ? {} : { ca: caPem }),
    ...(clientCert === undefined ? {} : { cert: clientCert }),
    ...(clientKey === undefined ? {} : { key: clientKey }),
  };
}
