// What a command sees of the process it runs in. Tests pass their own.

import type { Environment } from "./environment.ts";
import { readEnvironment, wantsColor } from "./environment.ts";

export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Progress and diagnostics. */
  err(text: string): void;
  readonly cwd: string;
  readonly environment: Environment;
  /** Somebody is watching the diagnostics' stream: progress may move. */
  readonly isInteractive: boolean;
  /** Somebody is watching the results' stream too; absent: nobody. */
  readonly isWatched?: boolean;
  /** Whether colours are welcome on either stream. */
  readonly color: { readonly out: boolean; readonly err: boolean };
}

export function processTerminal(): Terminal {
  const environment = readEnvironment();
  // A reader that has seen enough (`| head`) is no failure.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    cwd: process.cwd(),
    environment,
    isInteractive: process.stderr.isTTY && environment.TERM !== "dumb",
    isWatched: process.stdout.isTTY,
    color: {
      out: wantsColor(environment, process.stdout.isTTY),
      err: wantsColor(environment, process.stderr.isTTY),
    },
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
