// The lines of a run: one for every step, with what it came to and how long it took. A terminal sees the current step move.

import type { Terminal } from "../terminal.ts";

export interface Step {
  /** Replaces the line's text while the step goes on; only terminals see it. */
  update(text: string): void;
  /** Ends the step. */
  done(text: string): void;
  /** Ends the step that could not be finished; whoever failed says why. */
  failed(): void;
}

export interface Progress {
  step(name: string): Step;
}

const NAME_WIDTH = 11;
const TEXT_WIDTH = 62;

export function createProgress(terminal: Terminal, nowMs: () => number, isLive: boolean): Progress {
  return {
    step: (name) => {
      const started = nowMs();
      const line = (text: string): string => `${name.padEnd(NAME_WIDTH)}${text}`;
      const clear = isLive ? "\r\u001b[K" : "";
      return {
        update: (text) => isLive && terminal.err(`${clear}${line(text)}`),
        done: (text) =>
          terminal.err(
            `${clear}${line(text).padEnd(NAME_WIDTH + TEXT_WIDTH)} ${seconds(nowMs() - started)}\n`,
          ),
        failed: () => isLive && terminal.err(clear),
      };
    },
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** `████████░░░░` */
export function progressBar(done: number, total: number, width = 20): string {
  const filled = total === 0 ? 0 : Math.floor((done / total) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}
