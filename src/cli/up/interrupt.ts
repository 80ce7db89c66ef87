// Ctrl-C and a polite kill, as one promise and one signal. A second Ctrl-C ends at once.

import { EXIT } from "../exit-code.ts";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Resolves with the first SIGINT or SIGTERM. */
  readonly asked: Promise<void>;
  /** Stops listening. */
  release(): void;
}

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  let resolveAsked = (): void => undefined;
  const asked = new Promise<void>((resolve) => (resolveAsked = resolve));
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    resolveAsked();
  };
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    asked,
    release: () => names.forEach((name) => process.off(name, onSignal)),
  };
}
