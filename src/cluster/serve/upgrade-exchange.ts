// A request that asks to go on in another protocol (HTTP/1.1, RFC 9110 section 7.8). Until its handler takes the connection it
// is answered as any other, and then the connection ends, because what follows is not HTTP.

import { ServerResponse } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

import type { Exchange } from "./exchange.ts";
import { Http1Carrier } from "./http1-carrier.ts";
import { createExchange } from "./node-exchange.ts";
import type { ExchangeContext } from "./node-exchange.ts";

export function createUpgradeExchange(
  request: IncomingMessage,
  duplex: Duplex,
  head: Buffer,
  context: ExchangeContext,
): Exchange {
  // A TLS socket, which Node types as any duplex here.
  const socket = duplex as Socket;
  socket.on("error", () => undefined);
  socket.setTimeout(0);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => {
    response.detachSocket(socket);
    socket.end(() => socket.destroy());
  });
  return createExchange(new Http1Carrier(request, response), context, {
    protocol: (request.headers.upgrade ?? "").toLowerCase(),
    take() {
      response.detachSocket(socket);
      // Whatever goes wrong from now on has no HTTP answer.
      response.destroy();
      return { request, socket, head };
    },
  });
}
