// What clients have asked for and do not take. Only answers that wait are looked at: one that goes out as it is written costs
// nothing. A stream is cut when too much of it waits, a whole answer when it has waited too long, and whichever has waited
// longest when all of them together are too much.

import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";

import type { Clock, Timer } from "../../core/index.ts";
import type { SocketLimits } from "./socket-limits.ts";

export type ServedResponse = ServerResponse | Http2ServerResponse;

export interface UnreadAnswers {
  /** After something was written to a stream. */
  wrote(response: ServedResponse): void;
  /** After the whole answer was written, or the part of it that its client takes before the next is made. */
  ended(response: ServedResponse): void;
}

/** What Node's streams take without asking their writer to wait. */
const WAITING_BYTES_MIN = 16 * 1024;

interface Waiting {
  bytes: number;
  timeout: Timer | undefined;
}

export function createUnreadAnswers(
  { answerTimeoutMs, unreadBytesMax, unreadTotalBytesMax }: SocketLimits,
  clock: Clock,
): UnreadAnswers {
  /** By who waits longest. */
  const waiting = new Map<ServedResponse, Waiting>();
  let total = 0;

  const forget = (response: ServedResponse): void => {
    const known = waiting.get(response);
    if (known === undefined) return;
    known.timeout?.cancel();
    total -= known.bytes;
    waiting.delete(response);
  };
  const remember = (response: ServedResponse, bytes: number): Waiting => {
    const known = waiting.get(response) ?? { bytes: 0, timeout: undefined };
    if (!waiting.has(response)) {
      waiting.set(response, known);
      for (const event of ["drain", "finish", "close"] as const)
        response.once(event, () => forget(response));
    }
    total += bytes - known.bytes;
    known.bytes = bytes;
    return known;
  };
  const cut = (response: ServedResponse): void => {
    forget(response);
    response.destroy();
  };
  /** One answer alone may be as large as it is. */
  const makeRoom = (): void => {
    for (const response of waiting.keys()) {
      if (total <= unreadTotalBytesMax || waiting.size === 1) return;
      cut(response);
    }
  };
  return {
    wrote(response) {
      const bytes = unreadBytes(response);
      if (bytes < WAITING_BYTES_MIN) return;
      remember(response, bytes);
      if (bytes > unreadBytesMax) cut(response);
      else makeRoom();
    },
    ended(response) {
      const bytes = unreadBytes(response);
      if (bytes < WAITING_BYTES_MIN) return;
      const known = remember(response, bytes);
      known.timeout ??= clock.setTimer(answerTimeoutMs, () => cut(response));
      makeRoom();
    },
  };
}

export function unreadBytes(response: ServedResponse): number {
  return "stream" in response ? response.stream.writableLength : response.writableLength;
}
