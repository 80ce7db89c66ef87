// HTTP/2: requests share connections; another is opened when one has as many streams as the server allows.

import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import type { HttpRequest, HttpResponse, Sender } from "./transport.ts";

interface Session {
  readonly http2: ClientHttp2Session;
  streams: number;
}

/** What a server allows that does not say; the API server's own default. */
const STREAMS_MAX = 100;

export async function createHttp2Sender(
  server: URL,
  connect: () => Promise<Socket>,
  first: Socket,
): Promise<Sender> {
  const { connect: connectHttp2, constants } = await import("node:http2");
  const sessions = new Set<Session>();
  let opening: Promise<Session> | undefined;

  const adopt = async (socket: Socket): Promise<Session> => {
    const http2 = connectHttp2(server, { createConnection: () => socket });
    const session = { http2, streams: 0 };
    const forget = (): void => void sessions.delete(session);
    // A broken session fails its streams, which is where it is reported.
    http2.on("error", forget);
    http2.on("close", forget);
    http2.on("goaway", forget);
    // Only then is it known how many streams there may be; more would wait without a word.
    await new Promise<void>((resolve, reject) => {
      http2.once("remoteSettings", () => resolve());
      http2.once("error", reject);
      http2.once("close", () => reject(new Error("the connection was closed")));
    });
    http2.unref();
    sessions.add(session);
    return session;
  };
  const free = (): Session | undefined => {
    for (const session of sessions) if (isFree(session)) return session;
    return undefined;
  };
  const acquire = async (): Promise<Session> => {
    for (let session = free(); ; session = free()) {
      if (session !== undefined) return session;
      opening ??= connect().then(adopt);
      await opening.finally(() => (opening = undefined));
    }
  };
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const session = await acquire();
    session.streams += 1;
    // The process waits for answers, but not for idle connections.
    session.http2.ref();
    const headers = {
      ...request.headers,
      [constants.HTTP2_HEADER_METHOD]: request.method,
      [constants.HTTP2_HEADER_PATH]: request.path,
    };
    // Node ends GET and DELETE by itself unless told otherwise, and DELETE has a body here.
    const stream = session.http2.request(headers, { endStream: request.body === undefined });
    stream.once("close", () => {
      session.streams -= 1;
      if (session.streams === 0) session.http2.unref();
    });
    return exchange(stream, request);
  };
  await adopt(first);
  return {
    send,
    close() {
      for (const { http2 } of sessions) http2.destroy();
    },
  };
}

function isFree({ http2, streams }: Session): boolean {
  if (http2.closed || http2.destroyed) return false;
  return streams < (http2.remoteSettings.maxConcurrentStreams ?? STREAMS_MAX);
}

function exchange(stream: ClientHttp2Stream, request: HttpRequest): Promise<HttpResponse> {
  const { signal, body } = request;
  const abort = (): void => stream.close();
  signal?.addEventListener("abort", abort, { once: true });
  stream.once("close", () => signal?.removeEventListener("abort", abort));
  return new Promise((resolve, reject) => {
    stream.once("response", (headers: IncomingHttpHeaders & { ":status"?: number }) => {
      stream.removeListener("error", reject);
      stream.on("error", () => stream.destroy());
      resolve({ status: Number(headers[":status"]), headers, body: stream });
    });
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("the connection was closed before an answer")));
    if (signal?.aborted === true) abort();
    if (body !== undefined) stream.end(body);
  });
}
