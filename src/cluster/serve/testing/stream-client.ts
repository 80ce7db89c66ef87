// Clients of streams for tests: a WebSocket that keeps what it hears by channel, and a bare upgraded connection.

import { request } from "node:https";
import type { Duplex } from "node:stream";

import { WebSocket } from "ws";

import type { ServedCluster } from "./served-cluster.ts";

export interface Heard {
  /** The subprotocol the server chose. */
  readonly protocol: string;
  readonly socket: WebSocket;
  send(channel: number, text: string): void;
  /** Everything heard on a channel so far, as text. */
  on(channel: number): string;
  /** Resolves with the code of the close. */
  readonly closed: Promise<number>;
}

export function openWebSocket(
  { served }: ServedCluster,
  path: string,
  protocols: readonly string[] = ["v5.channel.k8s.io"],
): Promise<Heard> {
  const socket = new WebSocket(served.url.replace("https", "wss") + path, [...protocols], {
    ca: served.caPem,
    headers: { authorization: `Bearer ${served.token}` },
  });
  const heard = new Map<number, string>();
  const isText = (): boolean => socket.protocol.includes("base64");
  socket.on("message", (data: Buffer) => {
    const [first = 0] = data;
    const channel = isText() ? first - 48 : first;
    const rest = data.subarray(1);
    const bytes = isText() ? Buffer.from(rest.toString(), "base64") : rest;
    heard.set(channel, (heard.get(channel) ?? "") + bytes.toString("latin1"));
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.once("open", () =>
      resolve({
        protocol: socket.protocol,
        socket,
        send: (channel, text) =>
          socket.send(
            isText()
              ? `${channel}${Buffer.from(text).toString("base64")}`
              : Buffer.concat([Buffer.from([channel]), Buffer.from(text, "latin1")]),
          ),
        on: (channel) => heard.get(channel) ?? "",
        closed,
      }),
    );
  });
}

export type Upgraded =
  | { readonly status: 101; readonly socket: Duplex }
  | { readonly status: number; readonly socket: undefined; readonly text: string };

/** Asks to go on in another protocol; the answer is read when that is refused. */
export function upgrade(
  { served }: ServedCluster,
  method: string,
  path: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Promise<Upgraded> {
  const asked = {
    method,
    ca: served.caPem,
    agent: false as const,
    headers: { authorization: `Bearer ${served.token}`, connection: "Upgrade", ...headers },
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(served.url + path, asked, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, socket: undefined, text }),
      );
    });
    outgoing.once("upgrade", (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      socket.on("error", () => undefined);
      resolve({ status: 101, socket });
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}
