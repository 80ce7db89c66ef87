// Runs one child process to its end and hands back everything it said. Used by the repository's own tools only.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder, whatever the working directory is. */
export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

export interface CommandResult {
  /** The exit code; 127 when the program could not be started, 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  /** Both streams in the order they arrived. */
  readonly output: string;
  readonly durationMs: number;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Added to the environment the tool was started with. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ended by then. Default: it may run for as long as it wants. */
  readonly timeoutMs?: number;
}

export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const startedMs = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd ?? REPOSITORY,
    env: { ...process.env, ...options.env },
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  const said: { readonly stream: "stdout" | "stderr"; readonly chunk: Buffer }[] = [];
  child.stdout.on("data", (chunk: Buffer) => said.push({ stream: "stdout", chunk }));
  child.stderr.on("data", (chunk: Buffer) => said.push({ stream: "stderr", chunk }));
  // A child that never reads its input closes the pipe; its exit code says whether that matters.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  return new Promise((resolve) => {
    const finish = (code: number, trailer = ""): void => {
      const stdout = said.filter(({ stream }) => stream === "stdout");
      resolve({
        code,
        stdout: joinChunks(stdout),
        output: joinChunks(said) + trailer,
        durationMs: performance.now() - startedMs,
      });
    };
    child.once("error", (error) => finish(127, `cannot start ${program}: ${error.message}\n`));
    child.once("close", (code, signal) =>
      finish(code ?? 128, signal === null ? "" : `ended by ${signal}\n`),
    );
  });
}

function joinChunks(said: readonly { readonly chunk: Buffer }[]): string {
  return Buffer.concat(said.map(({ chunk }) => chunk)).toString("utf8");
}

/** The absolute path of a tool installed with the project. */
export function projectTool(name: string): string {
  return join(REPOSITORY, "node_modules", ".bin", name);
}

/** `0.4 s`, the form of every duration the repository's tools print. */
export function formatDuration(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
