// Which connections are too many: those that came when there were as many as the server takes. A request on one is refused, and
// the connection ends with it, unless others have gone meanwhile.

import type { Http2SecureServer, ServerHttp2Session } from "node:http2";
import type { TLSSocket } from "node:tls";

export interface ExcessConnections {
  /** A session of HTTP/2, a socket of HTTP/1.1. */
  has(connection: object): boolean;
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
    has(connection) {
      // Nearly always: nothing is looked up for each request.
      return count > connectionsMax && excess.has(connection);
    },
  };
}
