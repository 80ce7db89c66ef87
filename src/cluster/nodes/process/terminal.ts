// A terminal for a command: `script` of util-linux makes one, else Python's pty does; without either the command gets pipes and
// is told so.

import { findExecutable } from "./find-executable.ts";
import type { Launch } from "./container-process.ts";

export interface Terminal {
  readonly launch: Launch;
  /** Said first, when there is no terminal after all. */
  readonly notice?: string;
}

const PYTHON = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status) if hasattr(os, "waitstatus_to_exitcode") else status >> 8)
`;

export function inTerminal(launch: Launch): Terminal {
  const { PATH = "" } = launch.environment;
  const environment = { TERM: "xterm", ...launch.environment };
  const script = process.platform === "linux" ? findExecutable("script", PATH) : undefined;
  if (script !== undefined) {
    const shown = launch.command.map(quote).join(" ");
    return {
      launch: { ...launch, environment, command: [script, "-qefc", `exec ${shown}`, "/dev/null"] },
    };
  }
  const python = findExecutable("python3", PATH);
  if (python !== undefined) {
    return {
      launch: { ...launch, environment, command: [python, "-c", PYTHON, ...launch.command] },
    };
  }
  const notice = "no terminal: neither script nor python3 is on the PATH of the container\r\n";
  return { launch, notice };
}

/** For `script`, which hands its command to a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
