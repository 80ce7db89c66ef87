// A client that writes bytes as it likes and reads when it likes, over TLS or HTTP/2.

import { connect as connectHttp2 } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { once } from "node:events";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";

import type { ServedApi } from "../serve-api.ts";

export interface RawConnection {
  readonly socket: TLSSocket;
  /** All that was answered, when the server has ended the connection. */
  readonly ended: Promise<string>;
}

export async function openRaw({ port, caPem }: ServedApi): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1", ca: caPem });
  let text = "";
  socket.on("data", (part) => (text += String(part)));
  socket.on("error", () => {});
  const ended = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
  await once(socket, "secureConnect");
  return { socket, ended };
}

export async function openSession({ url, caPem }: ServedApi): Promise<ClientHttp2Session> {
  const session = connectHttp2(url, { ca: caPem });
  session.on("error", () => {});
  await once(session, "connect");
  return session;
}

/** Asks and never reads what is answered. */
export async function askUnread(
  session: ClientHttp2Session,
  path: string,
  token: string,
): Promise<ClientHttp2Stream> {
  const stream = session.request({ ":path": path, authorization: `Bearer ${token}` });
  stream.on("error", () => {});
  await once(stream, "response");
  return stream;
}
