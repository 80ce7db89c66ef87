// A connection between two proxies: mutual TLS, each side held to be who its certificate says.

import type { Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";

import type { HostPort } from "../../../cluster/index.ts";
import type { MeshTrust } from "../../../model/index.ts";
import type { MeshIdentity, PeerCredentials } from "./mesh-certificates.ts";

/** By which a proxy tells its peers from programs that speak TLS themselves. */
export const PEER_PROTOCOL = "istio-peer-exchange";

/** The handshake is under way when this returns; a wrong peer is an error of the socket. */
export function connectToPeer(
  at: HostPort,
  given: {
    readonly credentials: PeerCredentials;
    readonly expected: string;
    readonly localAddress: string | undefined;
  },
): TLSSocket {
  const { credentials, expected, localAddress } = given;
  const socket = connect({
    ...at,
    ...credentials,
    ...(localAddress === undefined ? {} : { localAddress }),
    ALPNProtocols: [PEER_PROTOCOL],
    checkServerIdentity: (_host, { subjectaltname }) =>
      namesIn(subjectaltname).includes(expected)
        ? undefined
        : new Error(`the peer is not ${expected}`),
  });
  socket.setNoDelay(true);
  return socket;
}

/** Undefined: nobody whom the mesh knows. */
export function identityOfPeer(socket: TLSSocket, trust: MeshTrust): MeshIdentity | undefined {
  if (!socket.authorized) return undefined;
  for (const name of namesIn(socket.getPeerCertificate().subjectaltname)) {
    const identity = trust.identityOf(name);
    if (identity !== undefined) return identity;
  }
  return undefined;
}

const namesIn = (text: string | undefined): string[] =>
  (text ?? "").split(", ").map((name) => name.replace(/^(URI|DNS):/, ""));

/** Both directions, half-closed connections kept; an end that breaks takes the other along. */
export function join(client: Socket, upstream: Socket): void {
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", (failed: boolean) => failed && to.destroy());
    from.pipe(to);
  }
}
