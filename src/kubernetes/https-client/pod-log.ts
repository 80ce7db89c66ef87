// The log of a container as text, piece by piece until it ends or the caller has enough.
// Mirrors client-go kubernetes/typed/core/v1/pod_expansion.go (GetLogs).

import type { HttpResponse } from "./transport.ts";
import { readJson } from "./responses.ts";

export interface PodLogOptions {
  readonly container?: string;
  readonly follow?: boolean;
  /** Of the container's run before this one. */
  readonly previous?: boolean;
  readonly sinceSeconds?: number;
  readonly tailLines?: number;
}

/** Resolves when the log ends or the signal aborts; rejects with StatusError when the server refuses. */
export async function readLog(
  response: HttpResponse,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { status, body } = response;
  if (status !== 200) return void (await readJson(response));
  body.setEncoding("utf8");
  try {
    for await (const text of body) onText(String(text));
  } catch {
    // A connection that breaks ends the log.
  } finally {
    if (signal.aborted) body.destroy();
  }
}
