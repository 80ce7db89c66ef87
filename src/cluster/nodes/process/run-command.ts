// Runs a command in a container's place, for probes and hooks: with its environment, in its directory.

import type { Clock } from "../../../core/index.ts";
import { exitCodeOf, spawnLaunch } from "./container-process.ts";
import type { Launch } from "./container-process.ts";
import { signalGroup } from "./process-table.ts";

export interface CommandResult {
  /** Undefined: it could not be started, or it took too long and was ended. */
  readonly exitCode: number | undefined;
  /** What it wrote to both streams, the first 10 KiB, or why there is none. */
  readonly output: string;
}

/** The kubelet reads no more of a probe's output. */
const OUTPUT_MAX = 10 * 2 ** 10;

export function runCommand(
  launch: Launch,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<CommandResult> {
  const child = spawnLaunch(launch, "ignore");
  let output = "";
  const collect = (chunk: Buffer): void => {
    if (output.length < OUTPUT_MAX) output += chunk.toString().slice(0, OUTPUT_MAX - output.length);
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  return new Promise((resolve) => {
    const kill = (): void => void signalGroup(child.pid ?? 0, "SIGKILL");
    const timer = clock.setTimer(timeoutMs, () => {
      kill();
      const said = `command timed out: ${JSON.stringify(launch.command.join(" "))} timed out after ${timeoutMs / 1000}s`;
      resolve({ exitCode: undefined, output: said });
    });
    child.once("error", (error) => {
      timer.cancel();
      resolve({ exitCode: undefined, output: error.message });
    });
    child.once("close", (code, signal) => {
      timer.cancel();
      resolve({ exitCode: exitCodeOf(code, signal), output });
    });
    child.once("exit", kill);
  });
}
