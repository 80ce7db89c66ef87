// One attempt to get an answer from one endpoint. Says how far it came when it fails, because that decides whether another
// endpoint may be asked.

import {
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";

import type { HostPort } from "../../cluster/index.ts";
import type { Clock } from "../../core/index.ts";
import { BodyTooLarge, sendBody, type RequestBody } from "./request-body.ts";

export interface Attempt {
  readonly at: HostPort;
  readonly method: string;
  readonly path: string;
  /** Flat, complete: host and framing included. */
  readonly headers: readonly string[];
  readonly body: RequestBody;
  readonly bodySizeMax: number | undefined;
  /** Undefined: a connection of its own. */
  readonly agent: Agent | undefined;
  readonly timeoutMs: number;
  /** The client went away, or the time for the whole exchange is over. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export type AttemptResult =
  | { readonly kind: "answer"; readonly response: IncomingMessage; readonly sent: ClientRequest }
  /** Nothing was sent. */
  | { readonly kind: "refused" }
  /** Something was sent and no answer came; on a connection kept from before, the endpoint may just have closed it. */
  | { readonly kind: "failed"; readonly onKeptConnection: boolean }
  | { readonly kind: "timeout" }
  | { readonly kind: "too-large" }
  | { readonly kind: "aborted" };

class AttemptTimeout extends Error {}

export function askEndpoint(attempt: Attempt): Promise<AttemptResult> {
  const { at, method, path, headers, body, agent, clock, signal } = attempt;
  if (signal.aborted) return Promise.resolve({ kind: "aborted" });
  return new Promise((resolve) => {
    let connected = false;
    const sent = httpRequest({
      host: at.host,
      port: at.port,
      method,
      path,
      // Node takes a flat list as it is; its types know objects only here.
      headers: headers as unknown as Record<string, string>,
      agent: agent ?? false,
      setHost: false,
    });
    const timer = clock.setTimer(attempt.timeoutMs, () => sent.destroy(new AttemptTimeout()));
    const abort = (): void => void sent.destroy();
    signal.addEventListener("abort", abort, { once: true });
    sent.once("socket", (socket) => {
      const begin = (): void => {
        connected = true;
        socket.setNoDelay(true);
        sendBody(body, sent, attempt.bodySizeMax);
      };
      if (socket.connecting) socket.once("connect", begin);
      else begin();
    });
    sent.once("response", (response) => {
      timer.cancel();
      resolve({ kind: "answer", response, sent });
    });
    sent.on("error", (error) => {
      timer.cancel();
      resolve(failureOf(error, { connected, reused: sent.reusedSocket, aborted: signal.aborted }));
    });
    sent.once("close", () => signal.removeEventListener("abort", abort));
  });
}

function failureOf(
  error: Error,
  { connected, reused, aborted }: { connected: boolean; reused: boolean; aborted: boolean },
): AttemptResult {
  if (aborted) return { kind: "aborted" };
  if (error instanceof BodyTooLarge) return { kind: "too-large" };
  if (error instanceof AttemptTimeout) return { kind: "timeout" };
  return connected ? { kind: "failed", onKeptConnection: reused } : { kind: "refused" };
}
