// Which refusals pass by themselves, and how long to wait for them.

import type { Clock } from "../core/index.ts";
import { ConnectionError, StatusError } from "../kubernetes/index.ts";
import type { StatusReason } from "../kubernetes/index.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** How long one object may keep being refused for reasons that pass. */
  readonly patienceMs?: number;
}

/** CRDs are served within a second or two, webhooks within a pod's start; a minute is generous for both. */
const PATIENCE_MS = 60_000;
const DELAY_FIRST_MS = 100;
const DELAY_MAX_MS = 5_000;

const PASSING: ReadonlySet<StatusReason> = new Set<StatusReason>([
  "Conflict",
  "TooManyRequests",
  "ServiceUnavailable",
  "Timeout",
]);

/** Tries again while the refusal is one that passes; otherwise, or when patience ends, rejects with it. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { clock, patienceMs = PATIENCE_MS }: RetryOptions,
): Promise<T> {
  const deadline = clock.now() + patienceMs;
  for (let delayMs = DELAY_FIRST_MS; ; delayMs = Math.min(delayMs * 2, DELAY_MAX_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error) || clock.now() + delayMs > deadline) throw error;
      await clock.sleep(Math.max(delayMs, retryAfterMs(error)));
    }
  }
}

/**
 * A connection may come back. A kind that is not served yet answers 404 without a name; a webhook that is not up yet, 500. A 409 of
 * server-side apply without `force` names the fields in its causes and does not pass.
 */
export function isPassing(error: unknown): error is StatusError | ConnectionError {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof StatusError) || error.reason === undefined) return false;
  const { reason, status } = error;
  if (reason === "Conflict") return !isFieldConflict(error);
  if (PASSING.has(reason)) return true;
  if (reason === "NotFound") return status.details?.name === undefined;
  return reason === "InternalError" && /failed calling webhook/.test(error.message);
}

/** Another manager owns fields that this apply would change. */
export function isFieldConflict(error: StatusError): boolean {
  const causes = error.status.details?.causes ?? [];
  return causes.some((cause) => cause.reason === "FieldManagerConflict");
}

function retryAfterMs(error: StatusError | ConnectionError): number {
  if (error instanceof ConnectionError) return 0;
  return (error.status.details?.retryAfterSeconds ?? 0) * 1000;
}
