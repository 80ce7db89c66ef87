// What a connection begins with, without taking it: whether it is TLS of a peer, HTTP, or anything else. As Envoy's listener
// filters, a client that waits for the server to speak first is known by its silence.

import type { Socket } from "node:net";

import type { Clock } from "../../../core/index.ts";
import { PEER_PROTOCOL } from "./peer-connection.ts";

export type Opening = "peer" | "http" | "other" | "ended";

/** Envoy waits longer; on loopback nobody is on his way that long. */
const SILENCE_MS = 200;
const TLS_HANDSHAKE = 0x16;
const HTTP_LINE = /^[A-Z]{3,10} \S/;

export function peek(socket: Socket, clock: Clock): Promise<Opening> {
  return new Promise((resolve) => {
    const finish = (opening: Opening): void => {
      timer.cancel();
      socket.off("data", heard).off("end", ended).off("close", ended);
      socket.pause();
      resolve(opening);
    };
    const heard = (chunk: Buffer): void => {
      finish(openingOf(chunk));
      socket.unshift(chunk);
    };
    const ended = (): void => finish("ended");
    const timer = clock.setTimer(SILENCE_MS, () => finish("other"));
    socket.on("error", () => socket.destroy());
    socket.on("data", heard).on("end", ended).on("close", ended);
    // It may have been paused since it was accepted.
    socket.resume();
  });
}

/** HTTP/2 without TLS begins with a line as well, but goes on otherwise. */
function openingOf(chunk: Buffer): Opening {
  if (chunk[0] === TLS_HANDSHAKE) return chunk.includes(PEER_PROTOCOL) ? "peer" : "other";
  const start = chunk.subarray(0, 64).toString("latin1");
  return HTTP_LINE.test(start) && !start.startsWith("PRI * ") ? "http" : "other";
}
