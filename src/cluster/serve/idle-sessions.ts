// Closes HTTP/2 connections on which nothing has been asked for long; Node does so for HTTP/1.1 alone. Pings do not count: a
// client that wants to stay has a request open.

import type { Http2SecureServer, ServerHttp2Session } from "node:http2";

import type { Clock, Timer } from "../../core/index.ts";

export function closeIdleSessions(
  server: Http2SecureServer,
  idleTimeoutMs: number,
  clock: Clock,
): void {
  server.on("session", (session) => closeWhenIdle(session, idleTimeoutMs, clock));
}

/** One timer for a connection, however many requests come on it: it may stay up to twice the time. */
function closeWhenIdle(session: ServerHttp2Session, idleTimeoutMs: number, clock: Clock): void {
  let open = 0;
  let isUsed = false;
  const closed = (): void => void (open -= 1);
  session.on("stream", (stream) => {
    open += 1;
    isUsed = true;
    // It comes once anyway, and `once` would keep three objects for every open watch.
    stream.on("close", closed);
  });
  const look = (): Timer =>
    clock.setTimer(idleTimeoutMs, () => {
      if (open === 0 && !isUsed) return session.destroy();
      isUsed = false;
      timer = look();
    });
  let timer = look();
  session.once("close", () => timer.cancel());
}
