// Which connections are too many: those that came when there were as many as the server takes. A request on one is refused, and
// the connection ends with it, unless others have gone meanwhile.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2SecureServer, Http2ServerRequest, ServerHttp2Session } from "node:http2";
import type { TLSSocket } from "node:tls";

import type { ServedResponse } from "./unread-answers.ts";

type Request = IncomingMessage | Http2ServerRequest;

export interface ExcessConnections {
  /** Whether the connection of this request is too many. */
  has(request: Request): boolean;
}

/** Those that are refused are few at a time; without end they would take all there is. */
const REFUSED_AT_A_TIME = 1000;

export function trackExcess(server: Http2SecureServer, connectionsMax: number): ExcessConnections {
  server.maxConnections = connectionsMax + REFUSED_AT_A_TIME;
  const excess = new WeakSet<object>();
  let count = 0;
  const enter = (connection: ServerHttp2Session | TLSSocket): void => {
    count += 1;
    if (count > connectionsMax) excess.add(connection);
    connection.once("close", () => void (count -= 1));
  };
  server.on("session", enter);
  server.on("secureConnection", (socket) => {
    if (socket.alpnProtocol !== "h2") enter(socket);
  });
  return {
    has(request) {
      // Nearly always: nothing is looked up for each request.
      if (count <= connectionsMax) return false;
      const session = "stream" in request ? request.stream.session : undefined;
      return excess.has(session ?? request.socket);
    },
  };
}

/** Once the answer is out. */
export function endConnection(request: Request, response: ServedResponse): void {
  if ("stream" in request) request.stream.session?.close();
  else (response as ServerResponse).shouldKeepAlive = false;
}
