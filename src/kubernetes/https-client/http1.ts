// HTTP/1.1 with connections that are kept, for servers and proxies that do not speak HTTP/2.

import type { RequestOptions } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Connect, HttpRequest, HttpResponse, Sender } from "./transport.ts";

/** How to open TLS connections, and one that is open already. */
interface Secure {
  readonly connect: Connect;
  readonly first: TLSSocket;
}

/** Without `secure`, plain HTTP. */
export async function createHttp1Sender(server: URL, secure: Secure | undefined): Promise<Sender> {
  const { Agent, request: start } = await import("node:http");
  const agent = new Agent({ keepAlive: true });
  if (secure !== undefined) {
    let waiting: TLSSocket | undefined = secure.first;
    secure.first.once("close", () => (waiting = undefined));
    // Agents take a callback as well as a return value; the callback lets the handshake finish first.
    agent.createConnection = (_options, callback) => {
      const socket = waiting === undefined ? secure.connect() : Promise.resolve(waiting);
      waiting = undefined;
      socket.then(
        (open) => callback?.(null, open),
        (error: Error) => callback?.(error, undefined as never),
      );
      return undefined;
    };
  }
  const host = server.hostname.replace(/^\[|\]$/g, "");
  const port = Number(server.port || (secure === undefined ? 80 : 443));
  const send = (request: HttpRequest): Promise<HttpResponse> => {
    const options: RequestOptions = {
      agent,
      host,
      port,
      method: request.method,
      path: request.path,
      headers: { ...request.headers, ...lengthOf(request.body), host: server.host },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = start(options, (body) => {
        body.on("error", () => body.destroy());
        resolve({ status: body.statusCode ?? 0, headers: body.headers, body });
      });
      outgoing.on("error", reject);
      outgoing.end(request.body);
    });
  };
  return { send, close: () => agent.destroy() };
}

/** Node frames the body of a DELETE only when its length is given. */
function lengthOf(body: string | undefined): Readonly<Record<string, string>> {
  return body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
}
