// What clients have asked for and do not take. Only answers that wait are looked at: one that goes out as it is written costs
// nothing. A stream is cut when too much of it waits, a whole answer when it has waited too long, and whichever has waited
// longest when all of them together are too much.

import type { Writable } from "node:stream";

import type { Clock, Timer } from "../../core/index.ts";
import type { SocketLimits } from "./socket-limits.ts";

export interface UnreadAnswers {
  /** After something was written to a stream. */
  wrote(answer: Writable): void;
  /** After the whole answer was written, or the part of it that its client takes before the next is made. */
  ended(answer: Writable): void;
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
  const waiting = new Map<Writable, Waiting>();
  let total = 0;

  const forget = (answer: Writable): void => {
    const known = waiting.get(answer);
    if (known === undefined) return;
    known.timeout?.cancel();
    total -= known.bytes;
    waiting.delete(answer);
  };
  const remember = (answer: Writable, bytes: number): Waiting => {
    const known = waiting.get(answer) ?? { bytes: 0, timeout: undefined };
    if (!waiting.has(answer)) {
      waiting.set(answer, known);
      for (const event of ["drain", "finish", "close"] as const)
        answer.once(event, () => forget(answer));
    }
    total += bytes - known.bytes;
    known.bytes = bytes;
    return known;
  };
  const cut = (answer: Writable): void => {
    forget(answer);
    answer.destroy();
  };
  /** One answer alone may be as large as it is. */
  const makeRoom = (): void => {
    for (const answer of waiting.keys()) {
      if (total <= unreadTotalBytesMax || waiting.size === 1) return;
      cut(answer);
    }
  };
  return {
    wrote(answer) {
      const bytes = answer.writableLength;
      if (bytes < WAITING_BYTES_MIN) return;
      remember(answer, bytes);
      if (bytes > unreadBytesMax) cut(answer);
      else makeRoom();
    },
    ended(answer) {
      const bytes = answer.writableLength;
      if (bytes < WAITING_BYTES_MIN) return;
      const known = remember(answer, bytes);
      known.timeout ??= clock.setTimer(answerTimeoutMs, () => cut(answer));
      makeRoom();
    },
  };
}
