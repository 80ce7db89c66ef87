// Whole lines of one container, named where several are shown together.

import type { Terminal } from "../terminal.ts";
import { nameOf, type LogSource } from "./log-sources.ts";

export interface LineWriter {
  write(text: string): void;
  /** Ends a line that was not finished. */
  end(): void;
}

export function createLineWriter(
  { out }: Pick<Terminal, "out">,
  isOneOfSeveral: () => boolean,
  source: LogSource,
): LineWriter {
  let rest = "";
  const print = (lines: readonly string[]): void => {
    const prefix = isOneOfSeveral() ? `${nameOf(source)}  ` : "";
    if (lines.length > 0) out(lines.map((line) => `${prefix}${line}\n`).join(""));
  };
  return {
    write(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      print(lines);
    },
    end() {
      if (rest !== "") print([rest]);
      rest = "";
    },
  };
}
