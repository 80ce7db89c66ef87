// One run of `keelson`: picks the command, and turns every way to fail into words and an exit code.

import { CommanderError } from "commander";

import type { ExitCode } from "./exit-code.ts";
import { EXIT } from "./exit-code.ts";
import { createProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = createProgram(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return explainFailure(error, terminal);
  }
}

function explainFailure(error: unknown, terminal: Terminal): ExitCode {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    terminal.err(`error: ${error.message}\n`);
    if (error.hint !== undefined) terminal.err(`  hint: ${error.hint}\n`);
    return EXIT.usage;
  }
  if (isFileError(error)) {
    terminal.err(`error: ${error.message}\n`);
    return EXIT.failed;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`This is a bug in keelson, not in your definition.\n\n${stack}\n`);
  return EXIT.bug;
}

/** A disk that is full or not ours to write is nobody's bug. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}
