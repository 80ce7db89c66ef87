// What an attempt to ask a container found out. Mirrors k8s.io/kubernetes pkg/probe: a failure counts, an error does too, and
// is told in other words.

import type { Clock } from "../../../../core/index.ts";

export type ProbeResult =
  | { readonly outcome: "success" }
  | { readonly outcome: "failure"; readonly message: string }
  | { readonly outcome: "error"; readonly message: string };

export const SUCCESS: ProbeResult = { outcome: "success" };

export function failure(message: string): ProbeResult {
  return { outcome: "failure", message };
}

/** Whichever comes first; `late` is called when it is the time. */
export function withTimeout<T>(
  clock: Clock,
  timeoutMs: number,
  work: Promise<T>,
  late: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(timeoutMs, () => resolve(late()));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

/** A refused or broken connection in the words of Go's net package. */
export function connectionMessage(error: unknown, address: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const said = GO_WORDS[code] ?? (error instanceof Error ? error.message : String(error));
  return `dial tcp ${address}: connect: ${said}`;
}

const GO_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
};
