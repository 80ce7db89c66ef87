// The upgrade to WebSocket and the subprotocol spoken in it.
// Mirrors k8s.io/apimachinery pkg/util/httpstream/wsstream/conn.go (handshake).

import type { WebSocket } from "ws";

import { statusError } from "../../../kubernetes/index.ts";
import type { Exchange, Upgrade } from "../exchange.ts";

export interface AcceptedWebSocket {
  readonly socket: WebSocket;
  /** Empty when the client named none. */
  readonly protocol: string;
}

/** A client sends what it reads in one piece; the Go ones read 32 KiB. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

export function askedProtocols(exchange: Exchange): readonly string[] {
  const header = exchange.header("sec-websocket-protocol") ?? "";
  return header === "" ? [] : header.split(/\s*,\s*/);
}

/** Throws StatusError while nothing is accepted yet; rejects when the client breaks off. */
export async function acceptWebSocket(
  exchange: Exchange,
  upgrade: Upgrade,
  served: readonly string[],
): Promise<AcceptedWebSocket> {
  const asked = askedProtocols(exchange);
  const protocol = asked.length === 0 ? "" : asked.find((one) => served.includes(one));
  if (protocol === undefined) {
    throw statusError(
      "BadRequest",
      `unable to upgrade: none of the subprotocols [${asked.join(" ")}] is served`,
      {},
    );
  }
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  const { request, socket, head } = upgrade.take();
  // Chosen above: `SPDY/3.1+portforward.k8s.io` is no token, and ws refuses to read it.
  delete request.headers["sec-websocket-protocol"];
  if (protocol !== "")
    server.once("headers", (lines) => lines.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error("the client broke the handshake off"));
    socket.once("close", onClose);
    server.handleUpgrade(request, socket, head, (accepted) => {
      socket.off("close", onClose);
      // What is wrong with a connection is followed by its end.
      accepted.on("error", () => undefined);
      resolve({ socket: accepted, protocol });
    });
  });
}
