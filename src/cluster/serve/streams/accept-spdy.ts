// The upgrade to SPDY/3.1 and the protocol spoken in it.
// Mirrors k8s.io/apimachinery pkg/util/httpstream (Handshake) and spdy/upgrade.go.

import type { Duplex } from "node:stream";

import { statusError } from "../../../kubernetes/index.ts";
import type { Exchange, Upgrade } from "../exchange.ts";

export interface AcceptedSpdy {
  readonly socket: Duplex;
  readonly protocol: string;
}

/** Throws StatusError 403 while nothing is accepted yet. */
export function acceptSpdy(
  exchange: Exchange,
  upgrade: Upgrade,
  served: readonly string[],
): AcceptedSpdy {
  const asked = (exchange.header("x-stream-protocol-version") ?? "").split(/\s*,\s*/);
  const protocol = asked.find((one) => served.includes(one));
  if (protocol === undefined) {
    throw statusError(
      "Forbidden",
      `unable to upgrade: unable to negotiate protocol: client supports [${asked.join(" ")}], server accepts [${served.join(" ")}]`,
      {},
    );
  }
  const { socket, head } = upgrade.take();
  if (head.length > 0) socket.unshift(head);
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Connection: Upgrade",
    "Upgrade: SPDY/3.1",
    `X-Stream-Protocol-Version: ${protocol}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return { socket, protocol };
}
